"""Addresses of screening's pages. Views live in `views/`, one module per noun."""

from django.urls import URLPattern

app_name = "screening"
urlpatterns: list[URLPattern] = []
