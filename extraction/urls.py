"""Addresses of extraction's pages, mounted at /reviews/. Views live in `views/`, one module per noun."""

from django.urls import URLPattern, path

from extraction.views import bias, consensus, form_builder, forms, home, provenance, runs, sheet, table

app_name = "extraction"
urlpatterns: list[URLPattern] = [
    path("<int:review_id>/extraction/bias/", bias.bias, name="bias"),
    path("<int:review_id>/extraction/bias/add/", bias.add, name="bias-add"),
    path("<int:review_id>/extraction/bias/<int:form_id>/<str:name>", bias.bias_file, name="bias-file"),
    path("<int:review_id>/extraction/forms/", forms.form_list, name="forms"),
    path("<int:review_id>/extraction/forms/new/", forms.new, name="form-new"),
    path("<int:review_id>/extraction/forms/<int:form_id>/", form_builder.builder, name="form"),
    path("<int:review_id>/extraction/forms/<int:form_id>/edit/", form_builder.edit, name="form-edit"),
    path("<int:review_id>/extraction/forms/<int:form_id>/preview/", form_builder.preview, name="form-preview"),
    path("<int:review_id>/extraction/forms/<int:form_id>/undo/<int:token>/", form_builder.undo, name="form-undo"),
    path("<int:review_id>/extraction/forms/<int:form_id>/name/", form_builder.rename, name="form-rename"),
    path("<int:review_id>/extraction/forms/<int:form_id>/publish/", forms.publish, name="form-publish"),
    path("<int:review_id>/extraction/forms/<int:form_id>/retire/", forms.retire, name="form-retire"),
    path("<int:review_id>/extraction/forms/<int:form_id>/versions/", forms.versions, name="form-versions"),
    path("<int:review_id>/extraction/forms/<int:form_id>/form-<int:number>.json", forms.form_json, name="form-json"),
    path("<int:review_id>/extraction/table/", table.table, name="table"),
    path("<int:review_id>/extraction/table/<int:form_id>/<str:file>", table.table_file, name="table-file"),
    path("<int:review_id>/extraction/table/<int:study_id>/<int:form_id>/<str:cell>/", provenance.cell, name="cell"),
    path("<int:review_id>/extraction/runs/new/", runs.start, name="run-start"),
    path("<int:review_id>/extraction/", home.home, name="home"),
    path("<int:review_id>/extraction/rule/", home.set_rule, name="rule"),
    path("<int:review_id>/extraction/<int:study_id>/<int:form_id>/", sheet.show, name="sheet"),
    path("<int:review_id>/extraction/<int:study_id>/<int:form_id>/consensus/", consensus.settle, name="consensus"),
    path("<int:review_id>/extraction/<int:study_id>/<int:form_id>/work/", home.work, name="work"),
    path("<int:review_id>/extraction/<int:study_id>/<int:form_id>/assign/", home.assign, name="assign"),
]
