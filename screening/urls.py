"""Addresses of screening's pages. Views live in `views/`, one module per noun."""

from django.urls import URLPattern, path

from screening.views import workbench

app_name = "screening"
urlpatterns: list[URLPattern] = [
    path("<int:review_id>/screen/", workbench.screen, name="screen"),
    path("<int:review_id>/screen/<str:stage>/", workbench.screen, name="screen"),
]
