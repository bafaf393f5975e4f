"""Addresses of screening's HTTP API, mounted at /api/reviews/."""

from django.urls import URLPattern

app_name = "screening-api"
urlpatterns: list[URLPattern] = []
