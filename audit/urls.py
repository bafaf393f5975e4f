"""Addresses of the audit browser, mounted under a review by reviewapp.urls."""

from django.urls import URLPattern

app_name = "audit"
urlpatterns: list[URLPattern] = []
