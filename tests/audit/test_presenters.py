"""Every event can be read aloud, with the data that the actions really write."""

from types import SimpleNamespace
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.urls import reverse

from audit import budgets, cards, events, presenters
from audit.actors import acting, worker
from audit.models.event import Event
from extraction.actions import (
    assignments,
    bias,
    extraction_runs,
    forms,
    offline_proposals,
    proposals,
    structure,
    values,
)
from extraction.actions import rule as extraction_rule
from extraction.schema import templates, to_json
from screening.actions import (
    again,
    applying,
    assistants,
    bulk,
    calibrating,
    card_test,
    deduplication,
    documents,
    duplicates,
    elsewhere,
    elsewhere_run,
    exceptions,
    hints,
    holding_out,
    import_run,
    import_undo,
    imports,
    notes,
    outcomes,
    pilots,
    prompts,
    protocol,
    reconcile,
    rescreening,
    retrievals,
    reviews,
    runs,
    saved_searches,
    search_runs,
    sources,
    stopping,
    studies,
    team,
    tokens,
    trials,
)
from screening.actions.answers import Answer
from screening.actions.outcomes import Job, Opinion
from screening.enums import Engine, Role, Stage
from screening.models.merge import DuplicateCandidate
from screening.models.run import RunItem
from screening.models.source import ImportedFile
from screening.models.stage import StageRule, StageState
from screening.models.study import StudyHint
from screening.prompts.wordings import Wording
from screening.queries.assistants.exceptions import Eyes
from screening.queries.assistants.work import criteria_of
from screening.queries.identification.studies import study_of
from screening.running import ends
from screening.running.claims import claim
from tests import assisting, builders, extracting, searched
from tests.citations import bring_in, hand_in, some_ris
from tests.documents import at_full_text, pdf, read_in
from tests.elsewhere import chosen, looked, rayyan, said, taken_back
from tests.searched import server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
STAGE = Stage.TITLE_ABSTRACT


def test_an_event_that_nobody_can_read_is_refused_and_nothing_is_written():
    review = builders.review()
    with pytest.raises(presenters.UnknownEventError, match=r"never\.heard"):
        events.record("never.heard", subject=review, by=review.created_by, review_id=review.pk)
    with pytest.raises(presenters.UnknownEventError):
        presenters.sentence("never.heard", {})
    assert not Event.objects.exists()


def test_a_type_is_given_its_sentence_once():
    with pytest.raises(ValueError, match="has a presenter already"):
        presenters.present("record.decided")(str)


def a_review_is_led(lead):
    review = reviews.start(title="Ours", by=lead)
    reviews.change(review=review, by=lead, title="Ours, better named")
    colleague = builders.user()
    team.set_roles(review=review, user=colleague, roles={Role.REVIEWER}, by=lead)
    team.set_roles(review=review, user=colleague, roles={Role.ADJUDICATOR}, by=lead)
    team.set_roles(review=review, user=colleague, roles=set(), by=lead)
    for stage in Stage:
        reviews.set_reasons(review=review, stage=stage, texts=["Wrong population", "Wrong design"], by=lead)
    for rule in review.stage_rules.all():
        reviews.change_rule(rule=rule, by=lead, reviewers_per_record=1, reason_required=False, oversight="assist")
    for question in ("Does it?", "Does it really?"):
        drafts = [protocol.CriterionDraft(label="Adults", text="Are they adults?", facet="P")]
        protocol.amend(review=review, question=question, criteria=drafts, by=lead, reason="Wording")


def files_are_imported(review, lead, monkeypatch):
    source = sources.describe(review=review, name="Invented Register", by=lead, kind="register")
    sources.change(source=source, by=lead, platform="Somewhere")
    hand_in(review, "This is no citation file.")
    table = hand_in(review, "a,b\nA trial of things,2019\n", name="table.csv")
    imports.set_mapping(file=table, mapping={"title": "a", "year": "b"}, by=lead)
    imports.discard(file=ImportedFile.objects.get(pk=table.pk), by=lead)
    with acting(worker("import")):
        import_undo.undo(file=bring_in(review, some_ris(3)), by=lead)
        broken = imports.commit(file=hand_in(review, some_ris(3, start=5)), by=lead)
        with monkeypatch.context() as patch:
            patch.setattr(import_run, "_finish", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                import_run.run_import(file_id=broken.pk)
    broken.refresh_from_db()
    imports.commit(file=broken, by=lead)
    import_run.run_import(file_id=broken.pk)


def duplicates_are_judged(review, lead):
    one, two, three = (builders.record(review) for _ in range(3))
    deduplication.deduplicate(review=review, by=lead)
    duplicates.unmerge(merge=duplicates.merge(kept=one, absorbed=two, by=lead), by=lead)
    pair, _ = DuplicateCandidate.objects.get_or_create(
        review=review, first=one, second=three, defaults={"score": 0.8, "reason": "x", "engine_version": "1"}
    )
    notice = Answer("correction", sort="concern")
    for answer in ("duplicate", "open", "same_study", notice, "not_duplicate"):
        pair = duplicates.judge(candidate=pair, status=answer, by=lead)


def records_are_screened(client, review, lead, reviewers):
    one, two = reviewers
    record = builders.record(review)
    for verdict in ("maybe", "withdrawn", "include"):
        builders.decide(record, one, verdict)
    builders.decide(record, two, "exclude", reason_id=review.exclusion_reasons.get(stage="title_abstract").pk)
    state = StageState.objects.get(record=record, stage="title_abstract")
    client.force_login(lead)
    client.post(reverse("screening:conflict-opinions", args=[review.pk, state.pk]))
    builders.decide(record, lead, "include", origin="adjudication", idempotency_key=uuid4())
    StageState.objects.filter(pk=state.pk).update(status="excluded")
    reconcile.mend(review=review, by=worker("reconcile"))


def records_are_annotated(review, lead):
    record, roles = builders.record(review), {"lead"}
    note = notes.write(record=record, text="See page 4", private=False, by=lead, idempotency_key=uuid4())
    for text in ("See page 5", ""):
        note = notes.write(
            record=record, text=text, private=False, by=lead, idempotency_key=uuid4(), replaces_id=note.pk
        )
    tag = notes.tag(record=record, name="background", by=lead, roles=roles)
    notes.untag(record=record, tag=tag, by=lead, roles=roles)


def records_are_decided_together(review, reviewer):
    StageRule.objects.filter(review=review, stage="title_abstract").update(bulk_allowed=True)
    asked = {"review": review, "stage": "title_abstract", "verdict": "include", "by": reviewer, "key": uuid4()}
    made = bulk.decide(record_ids=[builders.record(review).pk for _ in range(2)], **asked).bulk
    bulk.take_back(bulk=made, by=reviewer)


def a_team_changes(lead):
    one, two, three = (builders.user() for _ in range(3))
    review = builders.review(lead=lead, reviewers=[one, two])
    for record in (builders.record(review) for _ in range(3)):
        builders.decide(record, one, "include")
    builders.record(review)
    round_ = pilots.start(review=review, stage="title_abstract", size=2, reviewers=[one.pk, two.pk], by=lead)
    team.set_senior(review=review, user=one, senior=True, by=lead)
    team.set_share(review=review, user=one, share=50, by=lead)
    team.suspend(review=review, user=two, by=lead, reason="On leave until May")
    team.resume(review=review, user=two, by=lead)
    tokens.make(name="nightly copy", review=review, writes=False, days=90, by=one)
    team.replace(review=review, leaving=one, coming=three, by=lead, reason="Left the institute")
    pilots.close(pilot=round_, by=lead)
    with patch.object(applying, "AT_ONCE", 1):
        rule = review.stage_rules.get(stage="title_abstract")
        reviews.change_rule(rule=rule, by=lead, queue_order="title")
        applying.carry_on(rule_id=rule.pk)
    builders.protocol(review, by=lead, criteria=[("adults", "P")])
    records = list(review.records.values_list("pk", flat=True))
    with patch.object(rescreening, "AT_ONCE", 1):  # so that a worker finishes it
        again = {"review": review, "stage": "title_abstract", "record_ids": records}
        begun = rescreening.begin(**again, by=lead, reason="Adults only")
        rescreening.carry_on(rescreening_id=begun.pk)
    rescreening.take_back(rescreening=begun, by=lead, reason="The wrong records")


def a_prompt_is_tried_and_published():
    review = assisting.review()
    asked = assisting.llm(review, SimpleNamespace(address="http://127.0.0.1:9/v1"))
    version = prompts.create(review=review, name="Nurse", wording=Wording("You read as a nurse."), by=asked.created_by)
    record = builders.record(review)
    trials.start(version=version, assistant=asked, number=1, record_ids=[record.pk], by=asked.created_by)
    prompts.publish(version=version, reason="It reads well", by=asked.created_by)


def assistants_suggest(review, lead):
    calibrating.work_out(assistant=assisting.local(review), stage="title_abstract", by=lead)
    assistants.ensure_defaults(review=review, by=lead)
    holding_out.hold_out(review=review, record_ids=[builders.record(review).pk], stage=STAGE, why="a set", by=lead)
    holding_out.release(review=review, stage=STAGE, test_set="a set", why="The test is over", by=lead)
    card = cards.draft(name="Drafted", model="mistral/x", api_base="", by=lead)
    cards.approve(card=card, by=assisting.administrator())
    asked = card_test.ask_for_test(card=card, by=assisting.administrator())
    card_test.answer(card_id=card.pk, event_id=asked.pk)  # there is no key: that is an outcome too
    cards.withdraw(card=card, by=assisting.administrator(), why="The terms changed")
    others = {"daily_usd": None, "total_usd": None, "total_calls": None}
    for calls in (5, None):
        budgets.change(review_id=review.pk, by=lead, daily_calls=calls, **others)
    for turn in (stopping.stop, stopping.lift):
        turn(review=review, by=lead, why="The model was withdrawn")
    assistant = assisting.local(review)
    run = assisting.start(assistant)
    for verb in (runs.pause, runs.resume):
        verb(run=run, by=lead)
    protocol_id = run.protocol_id
    job = Job(run.pk, review, run.stage, assistant, protocol_id, run.protocol.question, criteria_of(protocol_id))
    first, *rest = RunItem.objects.filter(run=run).order_by("id").values_list("id", flat=True)
    judged = [(pk, "met", "", []) for pk, _ in job.criteria]
    outcomes.store(job=job, claim=claim([first])[0], opinion=Opinion("include", "", "high", "rule", 0.9, judged))
    again.start(suggestion=RunItem.objects.get(pk=first).suggestion, by=lead)
    ends.fail(job=job, claim=claim([rest[0]])[0], why="The model answered with nothing.")
    for item in rest[1:]:
        ends.drop(claim=claim([item])[0], why="gone")
    assert runs.finish_if_done(run_id=run.pk)
    run.refresh_from_db()
    runs.retry_failed(run=run, by=lead)
    runs.cancel(run=run, by=lead)
    assert assistant.engine == Engine.LOCAL
    bare = {"kind": "no_abstract", "record_id": builders.record(review, abstract="").pk, "item_id": None}
    eyes = Eyes(lead.pk, frozenset({"lead"}))
    exceptions.mark_seen(review=review, stage=run.stage, eyes=eyes, by=lead, **bare)


def studies_are_extracted(review, lead):
    bias.add_instrument(review=review, instrument="rob2", by=lead)
    form = forms.create(review=review, name="Data", draft=to_json(templates()[0].schema), by=lead)
    forms.save_draft(form=form, draft={**form.draft, "groups": form.draft["groups"][:1]}, token=1, what="…", by=lead)
    forms.rename(form=form, name="Characteristics", by=lead)
    forms.publish(form=form, by=lead)
    for retired in (True, False):
        forms.set_retired(form=form, retired=retired, by=lead)
    a_study_is_extracted(review, form, lead)


def a_study_is_extracted(review, form, lead):
    team.set_roles(review=review, user=lead, roles={Role.LEAD, Role.ADJUDICATOR, Role.EXTRACTOR}, by=lead)
    extraction_rule.set_rule(
        review=review, by=lead, extractors_per_study=1, descriptive_mode="assist", outcome_mode="off"
    )
    study = extracting.study(review)
    held = assignments.begin(study=study, form=form, by=lead)
    arm = structure.add_arm(study=study, name="Placebo", by=lead)
    structure.retire_arm(arm=structure.rename_arm(arm=arm, name="Sham", by=lead), by=lead)
    measure = structure.add_measure(study=study, outcome="Death", by=lead)
    measure = structure.rename_measure(measure=measure, outcome="Death", time_point="1 year", by=lead)
    structure.retire_measure(measure=measure, by=lead)
    field = form.versions.get().schema["groups"][0]["fields"][0]["key"]
    proposal = extracting.proposal(study, form.versions.get(), field, "x")
    proposals.reject(proposal=proposal, by=lead, reason="incorrect")
    cell = {"study": study, "form": form, "field_key": field, "by": lead}
    for state in ("unclear", "withdrawn", "not_reported"):
        values.record(**cell, state=state, idempotency_key=uuid4())
    for required in assignments.missing_of(study, form, lead):
        values.record(**{**cell, "field_key": required.spec.key}, state="unclear", idempotency_key=uuid4())
    assignments.done(assignment=held, by=lead)
    values.record(**cell, state="unclear", capacity="consensus", idempotency_key=uuid4())
    assignments.reopen(assignment=held, by=lead)
    assignments.release(assignment=held, by=lead)


def an_assistant_reads_studies(review, lead):
    version = extracting.form_version(review, to_json(templates()[0].schema))
    read, lost = (extracting.study(review) for _ in range(2))
    for study in (read, lost):
        extracting.paper(study, ["We randomised 120 participants in Finland."])
    run = extraction_runs.start(
        review=review, form_version=version, assistant=assisting.local(review), by=lead, studies=[read, lost]
    )
    extraction_runs.prepare(run_id=run.pk)
    lost.reports.get().record.documents.update(removed=True)
    offline_proposals.read_batch(run_id=run.pk)


def studies_are_linked(review, lead, reviewers):
    records = [builders.record(review, authors=["Okafor, A"], abstract="NCT01234567") for _ in range(2)]
    for record in records:
        for stage in Stage:
            for person in reviewers:
                builders.decide(record, person, "include", stage=stage)
    hints.find(review=review)
    hint = StudyHint.objects.get(review=review)
    for answer in ("rejected", "confirmed"):
        hints.judge(hint=hint, status=answer, by=lead)
    report = records[1].study_report
    report.refresh_from_db()
    studies.set_main(report=report, by=lead)
    hints.judge(hint=hint, status="open", by=lead)
    studies.change(study=study_of(records[0]), label="The trial", registrations=["NCT01234567"], by=lead)


def unreadable(row):
    raise OSError


def decisions_come_from_elsewhere(lead, monkeypatch):
    review = builders.review(lead=lead)
    file = bring_in(review, rayyan(said("Anna", "Excluded")))
    elsewhere.discard(row=looked(file), by=lead)
    row = elsewhere.commit(row=chosen(file), by=lead)
    with monkeypatch.context() as broken:
        broken.setattr(elsewhere_run, "plan", unreadable)
        elsewhere_run.run(import_id=row.pk)
    row.refresh_from_db()
    elsewhere_run.run(import_id=elsewhere.commit(row=row, by=lead).pk)
    taken_back(row)


def databases_are_searched(review, lead):
    search = searched.saved(review)
    searched.fetched(search)
    searched.counted(saved_searches.change(search=search, by=lead, strategy="refused"))
    searched.worked(search_runs.go_on(search=search, by=lead))
    search_runs.cancel(search=search, by=lead)
    saved_searches.remove(search=search, by=lead)


def full_texts_come(review, lead):
    record, other = at_full_text(review), at_full_text(review)
    retrievals.mark(record=other, outcome="not_retrieved", by=lead, note="Asked the authors")
    retrievals.mark(record=other, outcome="sought_again", by=lead)
    report = read_in(review, record=record)
    read_in(review, pdf(password="secret"), record=record)
    documents.permit(review=review, by=lead, may=True, documents=[report])
    documents.permit(review=review, by=lead, may=False)
    read_in(review), documents.permit(review=review, by=lead, may=True)
    documents.remove(document=report, by=lead)
    documents.restore(document=report, by=lead)
    documents.detach(document=report, by=lead)


def test_every_kind_of_event_is_written_by_an_action_and_reads_as_a_sentence(client, monkeypatch, server):  # noqa: F811
    lead, *reviewers = (builders.user() for _ in range(3))
    review = builders.review(lead=lead, reviewers=reviewers, adjudicators=[lead], oversight="assist", ai_enabled=True)
    a_review_is_led(lead)
    files_are_imported(review, lead, monkeypatch)
    duplicates_are_judged(review, lead)
    records_are_screened(client, review, lead, reviewers)
    records_are_annotated(review, lead)
    records_are_decided_together(review, reviewers[0])
    a_team_changes(lead)
    assistants_suggest(review, lead)
    a_prompt_is_tried_and_published()
    studies_are_linked(review, lead, reviewers)
    studies_are_extracted(review, lead)
    an_assistant_reads_studies(review, lead)
    full_texts_come(review, lead)
    decisions_come_from_elsewhere(lead, monkeypatch)
    databases_are_searched(review, lead)
    written = set(Event.objects.values_list("type", flat=True))
    assert written == presenters.known()
    for event in Event.objects.all():
        said = presenters.sentence(event.type, event.data)
        assert said == said.strip(), event.type
        assert said, event.type
        assert "None" not in said, (event.type, said)
        assert "{" not in said, (event.type, said)
        assert event.actor_name, event.type
