"""Addresses of screening's pages. Views live in `views/`, one module per noun."""

from django.urls import URLPattern, path

from screening.views import conflicts, workbench

app_name = "screening"
urlpatterns: list[URLPattern] = [
    path("<int:review_id>/conflicts/", conflicts.conflicts, name="conflicts"),
    path("<int:review_id>/conflicts/<int:state_id>/", conflicts.conflict, name="conflict"),
    path("<int:review_id>/conflicts/<int:state_id>/opinions/", conflicts.open_opinions, name="conflict-opinions"),
    path("<int:review_id>/screen/", workbench.screen, name="screen"),
    path("<int:review_id>/screen/<str:stage>/", workbench.screen, name="screen"),
]
