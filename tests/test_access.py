"""Every address, walked: strangers learn nothing, members may what their role may, other reviews' ids lead nowhere."""

import re
from uuid import uuid4

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from extraction.actions.bias import add_instrument
from screening.actions import bulk, saved_filters, saved_searches
from screening.enums import Role
from screening.models.citation import Citation
from screening.models.decision_import import DecisionImport
from screening.models.merge import DuplicateCandidate
from screening.models.note import Tag
from screening.models.pilot import PilotRound
from screening.models.rescreening import Rescreening
from screening.models.stage import StageRule, StageState
from screening.models.study import Study, StudyHint, StudyReport
from screening.policies import can
from tests import builders
from tests.audit import story
from tests.documents import read_in

pytestmark = pytest.mark.django_db

# Name of each address inside a review -> what one must be allowed to GET it, and to POST to it. A new address is a new
# line here; None: the method is not answered.
NEEDS = {
    "screening:review": ("see_review", None),
    "screening:progress": ("see_progress", None),
    "screening:progress-days": ("see_progress", None),
    "screening:progress-people": ("change_team", None),
    "screening:reviewer-numbers": ("change_team", None),  # of another: one's own are everybody's to see
    "screening:reviewer-days": ("change_team", None),
    "screening:settings": ("change_review", "change_review"),
    "screening:highlights": ("change_review", "change_review"),
    "screening:protocol": ("see_review", None),
    "screening:protocol-edit": ("change_protocol", "change_protocol"),
    "screening:protocol-difference": ("see_review", None),
    "screening:protocol-impact": ("see_progress", None),
    "screening:protocol-affected": ("see_progress", None),
    "screening:rescreen": ("change_protocol", "change_protocol"),
    "screening:rescreening": ("see_progress", None),
    "screening:rescreening-take-back": (None, "change_protocol"),
    "screening:team": ("see_review", "change_team"),
    "screening:member": ("change_team", None),
    "screening:member-change": (None, "change_team"),
    "screening:conflicts": ("adjudicate", None),
    "screening:conflict": ("adjudicate", "adjudicate"),
    "screening:conflict-opinions": (None, "adjudicate"),
    "screening:screen": ("screen", None),
    "screening:records": ("see_review", None),
    "screening:record": ("see_review", None),
    "screening:mark-duplicate": ("judge_duplicates", "judge_duplicates"),
    "screening:timeline": ("see_audit", None),
    "screening:timeline-csv": ("see_audit", None),
    "screening:model-call": ("see_audit", None),
    "screening:record-timeline": ("see_audit", None),
    "screening:record-timeline-csv": ("see_audit", None),
    "screening:prisma": ("see_reports", None),
    "screening:prisma-file": ("see_reports", None),
    "screening:export": ("export", None),
    "screening:exports": ("export", None),
    "screening:selection": (None, "annotate"),
    "screening:bulk": ("screen", "screen"),
    "screening:bulk-made": ("screen", None),
    "screening:bulk-undo": (None, "screen"),
    "screening:saved-filters": ("see_review", "annotate"),
    "screening:saved-filter": (None, "annotate"),
    "screening:pilots": ("change_review", "change_review"),
    "screening:pilot": ("see_agreement", None),  # and those who take part: tests/screening/views/test_pilots.py
    "screening:pilot-close": (None, "change_review"),
    "screening:agreement": ("see_agreement", None),
    "screening:agreement-file": ("see_agreement", None),
    "screening:disagreements": ("see_agreement", None),
    "screening:assistants": ("see_ai", None),
    "screening:ai-switch": (None, "run_ai"),
    "screening:ai-oversight": (None, "change_review"),
    "screening:ai-budget": (None, "run_ai"),
    "screening:ai-stop": (None, "run_ai"),
    "screening:ai-calibrate": (None, "run_ai"),
    "screening:assistant-add": (None, "run_ai"),
    "screening:panel-add": (None, "run_ai"),
    "screening:exceptions": ("see_ai", None),
    "screening:exception-seen": (None, "run_ai"),
    "screening:held-out": ("see_ai", "run_ai"),
    "screening:held-out-release": (None, "run_ai"),
    "screening:prompts": ("see_ai", "run_ai"),
    "screening:prompt": ("see_ai", "run_ai"),
    "screening:prompt-version": ("see_ai", None),
    "screening:prompt-publish": (None, "run_ai"),
    "screening:prompt-try": (None, "run_ai"),
    "screening:run-start": ("run_ai", "run_ai"),
    "screening:run": ("see_ai", None),
    "screening:run-change": (None, "run_ai"),
    "screening:suggestion": ("see_review", None),  # and as the mode allows: tests/screening/views/test_suggestion.py
    "screening:suggestion-again": (None, "run_ai"),
    "screening:imports": ("see_review", "import"),
    "screening:import": ("see_review", None),
    "screening:import-quality": ("see_review", None),
    "screening:import-quality-file": ("see_review", None),
    "screening:quality": ("see_review", None),
    "screening:quality-file": ("see_review", None),
    "screening:import-card": ("see_review", None),
    "screening:import-commit": (None, "import"),
    "screening:import-mapping": (None, "import"),
    "screening:import-discard": (None, "import"),
    "screening:import-undo": (None, "import"),
    "screening:elsewhere-begin": (None, "import"),
    "screening:elsewhere": ("import", None),
    "screening:elsewhere-card": ("import", None),
    "screening:elsewhere-change": (None, "import"),
    "screening:source": ("import", "import"),
    "screening:searches": ("see_review", None),
    "screening:search-new": ("import", "import"),
    "screening:search": ("see_review", None),
    "screening:search-edit": ("import", "import"),
    "screening:search-change": (None, "import"),
    "screening:documents": ("read_documents", "add_documents"),
    "screening:documents-permit": (None, "permit_documents"),
    "screening:document": ("read_documents", None),
    "screening:document-file": ("read_documents", None),
    "screening:document-place": ("add_documents", "add_documents"),
    "screening:document-change": (None, "add_documents"),
    "screening:retrieval": ("read_documents", "add_documents"),
    "screening-api:documents": ("read_documents", None),
    "screening-api:document-page": ("read_documents", None),
    "screening:duplicates": ("judge_duplicates", None),
    "screening:duplicate": ("judge_duplicates", "judge_duplicates"),
    "screening:duplicate-reopen": (None, "judge_duplicates"),
    "screening:duplicates-undo": (None, "judge_duplicates"),
    "screening:duplicates-why": ("judge_duplicates", None),
    "screening:merges": ("judge_duplicates", None),
    "screening:unmerge": (None, "judge_duplicates"),
    "screening:deduplicate": (None, "import"),
    "screening:studies": ("see_extraction", None),
    "screening:study": ("see_extraction", "link_studies"),
    "screening:study-hints-look": (None, "link_studies"),
    "screening:study-hint": (None, "link_studies"),
    "screening:study-hint-reopen": (None, "link_studies"),
    "screening:study-link": (None, "link_studies"),
    "screening:study-restore": (None, "link_studies"),
    "screening:report-part": (None, "link_studies"),
    "screening:report-main": (None, "link_studies"),
    "screening-api:queue": ("screen", None),
    "screening-api:decisions": (None, "screen"),
    "screening-api:record": ("see_review", None),
    "screening:record-note": (None, "annotate"),
    "screening:record-tag": (None, "annotate"),
    "screening:record-untag": (None, "annotate"),
    "screening-api:notes": ("see_review", "annotate"),
    "screening-api:tags": ("see_review", "annotate"),
    "screening-api:tag": (None, None),  # answers DELETE only: see below
    "screening-api:imports": ("see_review", None),
    "screening-api:runs": ("see_ai", "run_ai"),
    "screening-api:run": ("see_ai", "run_ai"),
    "screening-api:suggestions": ("see_review", None),
    "extraction:bias": ("see_extraction", None),
    "extraction:bias-add": (None, "design_forms"),
    "extraction:bias-file": ("see_extraction", None),
    "extraction:forms": ("see_extraction", None),
    "extraction:form-new": ("design_forms", "design_forms"),
    "extraction:form": ("design_forms", None),
    "extraction:form-edit": (None, "design_forms"),
    "extraction:form-preview": (None, "design_forms"),
    "extraction:form-undo": (None, "design_forms"),
    "extraction:form-rename": (None, "design_forms"),
    "extraction:form-publish": ("design_forms", "design_forms"),
    "extraction:form-retire": (None, "design_forms"),
    "extraction:form-versions": ("see_extraction", None),
    "extraction:form-json": ("see_extraction", None),
    "extraction:table": ("see_extraction", None),
    "extraction:table-file": ("export", None),
    "extraction:cell": ("see_extraction", None),
    "extraction-api:table": ("see_extraction", None),
    "extraction:run-start": ("run_ai", "run_ai"),
    "extraction:home": ("see_extraction", None),
    "extraction:rule": (None, "design_forms"),
    "extraction:sheet": ("see_extraction", "extract"),
    "extraction:consensus": ("settle_extraction", "settle_extraction"),
    "extraction:work": (None, "extract"),
    "extraction:assign": (None, "design_forms"),
    "extraction-api:values": (None, "extract"),
    "extraction-api:rejections": (None, "extract"),
}
OF_NO_REVIEW_OF_OURS = {"screening:member"}  # its id is of a person, who may be anybody


def addresses():
    """(name, names of the arguments) of everything inside a review."""
    found = []
    for prefix in ("screening", "screening-api", "extraction", "extraction-api"):
        for name, patterns in resolver_of(prefix).reverse_dict.lists():
            if isinstance(name, str):
                found += [
                    (f"{prefix}:{name}", tuple(args)) for possibilities, *_ in patterns for _, args in possibilities
                ]
    return sorted({entry for entry in found if "review_id" in entry[1]})


def resolver_of(namespace, among=None):
    for resolver in (among or get_resolver()).url_patterns:
        if getattr(resolver, "namespace", None) == namespace:
            return resolver
        if hasattr(resolver, "url_patterns") and (inner := resolver_of(namespace, resolver)):
            return inner
    return None


@pytest.fixture
def whole():
    """A review with one of each thing that has an address, and the arguments that lead there."""
    from screening.actions import duplicates, prompts
    from screening.prompts.wordings import Wording

    cast = story.cast()
    review = cast.review
    kept, absorbed, other = (builders.record(review) for _ in range(3))
    first, second = sorted((kept, other), key=lambda record: record.pk)
    file = builders.imported_file(review)
    Citation.objects.create(
        file=file, source=file.source, record=kept, position=1, line=1, raw="x", raw_sha256="0" * 64
    )
    item = story.item(kept, story.assistant(review))
    builders.decide(other, cast.other, "include")
    builders.decide(other, cast.screening_lead, "exclude")
    arguments = {
        "review_id": review.pk,
        "record_id": kept.pk,
        "user_id": cast.other.pk,
        "state_id": StageState.objects.get(record=other, stage="title_abstract").pk,
        "call_id": story.call(item).pk,
        "run_id": item.run_id,
        "suggestion_id": story.suggestion(item).pk,
        "file_id": file.pk,
        "import_id": DecisionImport.objects.create(review=review, file=file, author=cast.lead, status="choosing").pk,
        "source_id": file.source_id,
        "candidate_id": DuplicateCandidate.objects.create(
            review=review, first=first, second=second, score=0.8, reason="", engine_version="1"
        ).pk,
        "merge_id": duplicates.merge(kept=kept, absorbed=absorbed, by=cast.lead).pk,
        "pilot_id": PilotRound.objects.create(
            review=review, stage="title_abstract", number=1, size=0, started_by=cast.lead, closed_at=timezone.now()
        ).pk,
        "tag_id": Tag.objects.create(review=review, name="Follow-up").pk,
        "stage": "title_abstract",
        "form": "svg",
        "what": "records.csv",
        "ending": "csv",
        "prompt_id": prompts.create(review=review, name="P", wording=Wording("A nurse"), by=cast.lead).prompt_id,
        "search_id": search_saved(review, cast.lead).pk,
        "filter_id": saved_filters.save(review=review, name="Kidneys", query="q=kidney", by=cast.lead).pk,
        "bulk_id": bulk_made(review, cast.other).pk,
        "verb": "pause",
        **linked_studies(review),
        "form_id": add_instrument(review=review, instrument="rob2", by=cast.lead).pk,
        "document_id": read_in(review).pk,
        "name": "summary.svg",
        "number": 1,
        "token": 1,
        "rescreening_id": Rescreening.objects.create(
            review=review,
            stage="title_abstract",
            protocol=review.protocol_versions.get(),
            records=[kept.pk],
            reason="Reworded",
            created_by=cast.lead,
        ).pk,
        "file": "table.csv",
        "cell": "d1@0@0",
    }
    return cast, arguments


def bulk_made(review, by):
    """One person's word on two records at once."""
    StageRule.objects.filter(review=review, stage="title_abstract").update(bulk_allowed=True)
    ids = [builders.record(review).pk for _ in range(2)]
    return bulk.decide(
        review=review, stage="title_abstract", record_ids=ids, verdict="include", by=by, key=uuid4()
    ).bulk


def search_saved(review, by):
    return saved_searches.save(review=review, provider="pubmed", source_name="Searched", strategy="asthma", by=by)


def linked_studies(review):
    """A study with a report, and a hint (of reports that nobody included: addresses ask for no more)."""
    first, second = (builders.record(review) for _ in range(2))
    hint = StudyHint.objects.create(review=review, first=first, second=second, kind="registry", reason="x", score=1)
    study = Study.objects.create(review=review, label="Okafor 2021")
    report = StudyReport.objects.create(review=review, study=study, record=first)
    return {"study_id": study.pk, "report_id": report.pk, "hint_id": hint.pk}


def url(name, args, arguments):
    return reverse(name, kwargs={arg: arguments[arg] for arg in args})


def send(client, method, address):
    options = {"content_type": "application/json", "data": '{"verb": "pause"}'} if address.startswith("/api/") else {}
    return client.get(address).status_code if method == "GET" else client.post(address, **options).status_code


def test_every_address_of_a_review_is_declared_here():
    assert {name for name, _ in addresses()} == set(NEEDS)


def test_a_stranger_is_answered_as_if_there_were_no_such_review(client, whole):
    _, arguments = whole
    client.force_login(builders.user())
    nowhere = {**arguments, "review_id": 99_999_999}
    for name, args in addresses():
        for method, needed in zip(("GET", "POST"), NEEDS[name], strict=True):
            got = send(client, method, url(name, args, arguments))
            assert got == send(client, method, url(name, args, nowhere)), (name, method)
            assert got == 404 or (got == 405 and not needed), (name, method)


def test_a_visitor_is_asked_to_sign_in_everywhere(client, whole):
    _, arguments = whole
    for name, args in addresses():
        address = url(name, args, arguments)
        for method in ("GET", "POST"):
            assert send(client, method, address) in ((401, 403) if address.startswith("/api/") else (302,)), (
                name,
                method,
            )


def test_ids_of_another_review_lead_nowhere_through_one_s_own(client, whole):
    cast, arguments = whole
    own = builders.review(lead=cast.lead)
    for role in Role:
        builders.join(own, cast.lead, role) if role != Role.LEAD else None
    client.force_login(cast.lead)
    ids = re.compile("_id$")
    for name, args in addresses():
        if name in OF_NO_REVIEW_OF_OURS or not [arg for arg in args if ids.search(arg) and arg != "review_id"]:
            continue
        for method, needed in zip(("GET", "POST"), NEEDS[name], strict=True):
            if needed:
                got = send(client, method, url(name, args, {**arguments, "review_id": own.pk}))
                assert got == 404, (name, method)


@pytest.mark.parametrize("role", Role)
def test_a_member_may_what_the_role_may_and_is_refused_the_rest(client, whole, role):
    cast, arguments = whole
    member = builders.user()
    builders.join(cast.review, member, role)
    client.force_login(member)
    for name, args in addresses():
        get, post = NEEDS[name]
        if get:
            got = send(client, "GET", url(name, args, arguments))
            assert (got == 403) != can(get, [role]), (name, "GET", got)
        if post and not can(post, [role]):
            assert send(client, "POST", url(name, args, arguments)) == 403, (name, "POST")


@pytest.mark.parametrize("role", Role)
def test_a_tag_is_taken_off_by_those_who_may_annotate(client, whole, role):
    cast, arguments = whole
    member, own = builders.user(), builders.review()
    builders.join(cast.review, member, role)
    builders.join(own, member, Role.LEAD)
    client.force_login(member)
    names = ("review_id", "record_id", "tag_id")
    got = client.delete(url("screening-api:tag", names, arguments)).status_code
    assert (got == 403) != can("annotate", [role])
    assert client.delete(url("screening-api:tag", names, {**arguments, "review_id": own.pk})).status_code == 404


def test_an_instance_administrator_reads_every_review_and_writes_in_none(client, whole):
    _, arguments = whole
    client.force_login(builders.user(is_superuser=True, is_staff=True))
    for name, args in addresses():
        get, post = NEEDS[name]
        if get:
            got = send(client, "GET", url(name, args, arguments))
            assert (got == 403) != can(get, [Role.AUDITOR]), (name, got)
        if post:
            assert send(client, "POST", url(name, args, arguments)) == 403, name
    assert client.delete(url("screening-api:tag", ("review_id", "record_id", "tag_id"), arguments)).status_code == 403
