"""Every address, mounted."""

from django.contrib import admin
from django.urls import include, path

from reviewapp import api, views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/live/", views.live, name="live"),
    path("health/ready/", views.ready, name="ready"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("api/", include(api.urlpatterns)),
    path("reviews/", include("screening.urls")),
    path("reviews/", include("extraction.urls")),
]
