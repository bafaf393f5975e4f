"""Addresses of screening's pages. Views live in `views/`, one module per noun."""

from django.urls import URLPattern, path, re_path

from screening.views import conflicts, duplicates, imports, prisma, protocol, records, reviews, team, workbench

app_name = "screening"
urlpatterns: list[URLPattern] = [
    path("", reviews.review_list, name="reviews"),
    path("new/", reviews.start, name="start"),
    path("<int:review_id>/", reviews.overview, name="review"),
    path("<int:review_id>/settings/", reviews.settings, name="settings"),
    path("<int:review_id>/protocol/", protocol.protocol, name="protocol"),
    path("<int:review_id>/protocol/edit/", protocol.edit, name="protocol-edit"),
    path("<int:review_id>/team/", team.team, name="team"),
    path("<int:review_id>/team/<int:user_id>/", team.member, name="member"),
    path("<int:review_id>/conflicts/", conflicts.conflicts, name="conflicts"),
    path("<int:review_id>/conflicts/<int:state_id>/", conflicts.conflict, name="conflict"),
    path("<int:review_id>/conflicts/<int:state_id>/opinions/", conflicts.open_opinions, name="conflict-opinions"),
    path("<int:review_id>/screen/", workbench.screen, name="screen"),
    path("<int:review_id>/screen/<str:stage>/", workbench.screen, name="screen"),
    path("<int:review_id>/records/", records.records, name="records"),
    path("<int:review_id>/records/<int:record_id>/", records.record, name="record"),
    path("<int:review_id>/prisma/", prisma.flow_page, name="prisma"),
    re_path(r"^(?P<review_id>\d+)/prisma/prisma\.(?P<form>svg|png|csv)$", prisma.flow_file, name="prisma-file"),
    re_path(
        r"^(?P<review_id>\d+)/export/(?P<what>records\.csv|records\.ris|decisions\.csv)$",
        records.export_file,
        name="export",
    ),
    path("<int:review_id>/imports/", imports.import_list, name="imports"),
    path("<int:review_id>/imports/<int:file_id>/", imports.import_detail, name="import"),
    path("<int:review_id>/imports/<int:file_id>/card/", imports.import_card, name="import-card"),
    path("<int:review_id>/imports/<int:file_id>/commit/", imports.commit, name="import-commit"),
    path("<int:review_id>/imports/<int:file_id>/mapping/", imports.set_mapping, name="import-mapping"),
    path("<int:review_id>/imports/<int:file_id>/discard/", imports.discard, name="import-discard"),
    path("<int:review_id>/imports/<int:file_id>/undo/", imports.undo, name="import-undo"),
    path("<int:review_id>/sources/<int:source_id>/", imports.source, name="source"),
    path("<int:review_id>/duplicates/", duplicates.queue, name="duplicates"),
    path("<int:review_id>/duplicates/<int:candidate_id>/", duplicates.pair, name="duplicate"),
    path("<int:review_id>/duplicates/<int:candidate_id>/reopen/", duplicates.reopen, name="duplicate-reopen"),
    path("<int:review_id>/duplicates/merges/", duplicates.merge_list, name="merges"),
    path("<int:review_id>/duplicates/merges/<int:merge_id>/undo/", duplicates.unmerge, name="unmerge"),
    path("<int:review_id>/duplicates/compare/", duplicates.deduplicate, name="deduplicate"),
    path("<int:review_id>/records/<int:record_id>/duplicate/", duplicates.mark, name="mark-duplicate"),
]
