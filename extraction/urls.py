"""Addresses of extraction's pages, mounted at /reviews/. Views live in `views/`, one module per noun."""

from django.urls import URLPattern, path

from extraction.views import bias

app_name = "extraction"
urlpatterns: list[URLPattern] = [
    path("<int:review_id>/extraction/bias/", bias.bias, name="bias"),
    path("<int:review_id>/extraction/bias/add/", bias.add, name="bias-add"),
    path("<int:review_id>/extraction/bias/<int:form_id>/<str:name>", bias.bias_file, name="bias-file"),
]
