"""Mounts each app's API."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("reviews/", include("screening.api.urls")),
    path("reviews/", include("extraction.api.urls")),
]
