"""Addresses of extraction's HTTP API, mounted at /api/reviews/."""

from django.urls import URLPattern, path

from extraction.api.table import TableView
from extraction.api.values import RejectionsView, ValuesView

app_name = "extraction-api"
urlpatterns: list[URLPattern] = [
    path("<int:review_id>/extraction/<int:study_id>/<int:form_id>/values/", ValuesView.as_view(), name="values"),
    path(
        "<int:review_id>/extraction/<int:study_id>/<int:form_id>/rejections/",
        RejectionsView.as_view(),
        name="rejections",
    ),
    path("<int:review_id>/extraction/table/", TableView.as_view(), name="table"),
]
