"""Addresses of screening's HTTP API, mounted at /api/reviews/."""

from django.urls import path

from screening.api import annotations, documents, imports, queue, runs

app_name = "screening-api"
urlpatterns = [
    path("<int:review_id>/queue/", queue.QueueView.as_view(), name="queue"),
    path("<int:review_id>/decisions/", queue.DecisionsView.as_view(), name="decisions"),
    path("<int:review_id>/records/<int:record_id>/", queue.RecordView.as_view(), name="record"),
    path("<int:review_id>/records/<int:record_id>/notes/", annotations.NotesView.as_view(), name="notes"),
    path("<int:review_id>/records/<int:record_id>/tags/", annotations.TagsView.as_view(), name="tags"),
    path("<int:review_id>/records/<int:record_id>/tags/<int:tag_id>/", annotations.TagView.as_view(), name="tag"),
    path("<int:review_id>/imports/", imports.ImportsView.as_view(), name="imports"),
    path("<int:review_id>/records/<int:record_id>/suggestions/", runs.SuggestionsView.as_view(), name="suggestions"),
    path("<int:review_id>/documents/", documents.DocumentsView.as_view(), name="documents"),
    path(
        "<int:review_id>/documents/<int:document_id>/pages/<int:number>/",
        documents.PageView.as_view(),
        name="document-page",
    ),
    path("<int:review_id>/runs/", runs.RunsView.as_view(), name="runs"),
    path("<int:review_id>/runs/<int:run_id>/", runs.RunView.as_view(), name="run"),
]
