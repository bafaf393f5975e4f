"""Every address, mounted."""

from django.contrib import admin
from django.urls import include, path

from reviewapp import api, views
from screening.urls import card_patterns, notification_patterns, token_patterns

urlpatterns = [
    path("", views.home, name="home"),
    path("health/live/", views.live, name="live"),
    path("health/ready/", views.ready, name="ready"),
    path("session/", views.session, name="session"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("api/", include(api.urlpatterns)),
    path("models/", include((card_patterns, "models"))),
    path("notifications/", include((notification_patterns, "notifications"))),
    path("tokens/", include((token_patterns, "tokens"))),
    path("reviews/", include("screening.urls")),
    path("reviews/", include("extraction.urls")),
]
