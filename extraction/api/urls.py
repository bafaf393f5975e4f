"""Addresses of extraction's HTTP API, mounted at /api/reviews/."""

from django.urls import URLPattern

app_name = "extraction-api"
urlpatterns: list[URLPattern] = []
