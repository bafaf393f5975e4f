"""The demonstration that `make demo` loads: the extraction half."""

from collections import Counter

from extraction.enums import CellState, Manner, ValueState
from extraction.models.form import Form
from extraction.models.proposal import Proposal
from extraction.models.structure import Arm
from extraction.models.value import Value
from extraction.queries.bias import judged
from extraction.queries.settled import settled
from screening.enums import Role
from screening.fulltext.locate import PagedText, locate
from screening.models.document import DocumentPage
from screening.models.study import Study


def forms(review):
    return Form.objects.get(review=review, purpose="data"), Form.objects.get(review=review, instrument="rob2")


def states(form):
    """Study label -> how many of its cells stand in which state."""
    studies = {study.pk: study.label for study in Study.objects.filter(review=form.review)}
    found = settled(form, list(studies))
    return {studies[pk]: Counter(cell.state for cell in cells.values()) for pk, cells in found.items()}


def test_studies_stand_settled_half_settled_in_conflict_and_begun(demonstration):
    found = states(forms(demonstration)[0])
    assert set(found["Tanaka 2020"]) == {CellState.VERIFIED}
    assert set(found["Nowak 2023"]) == {CellState.VERIFIED, CellState.CONFLICT}
    assert found["Ferrari 2021"][CellState.CONFLICT] >= 3
    assert set(found["Taylor 2012"]) == {CellState.PARTIAL}
    assert len(found) == 4  # the others are only proposed


def test_people_accepted_edited_and_typed_and_some_said_that_it_is_not_reported(demonstration):
    values = Value.objects.filter(study__review=demonstration)
    assert set(values.values_list("manner", flat=True)) == set(Manner)
    assert values.filter(state=ValueState.NOT_REPORTED).exists()
    assert not values.exclude(citing=None).filter(mode="blind_first").exists()


def test_the_offline_engine_proposed_something_for_every_study_that_has_arms(demonstration):
    with_arms = set(Arm.objects.filter(review=demonstration).values_list("study", flat=True))
    assert set(Proposal.objects.values_list("study", flat=True)) == with_arms
    assert len(with_arms) == 8


def test_proposals_from_the_report_that_gives_orders_are_all_flagged(demonstration):
    proposals = Proposal.objects.filter(study__label="Okafor 2022")
    assert proposals
    assert all("text_gives_instructions" in proposal.flags for proposal in proposals)


def test_every_value_of_a_report_stands_in_its_document_where_it_is_said_to(demonstration):
    values = Value.objects.filter(study__review=demonstration).exclude(quote="").defer("form_version")
    texts = {}
    for document, number, text in DocumentPage.objects.values_list("document", "number", "text"):
        texts.setdefault(document, {})[number] = text
    assert values.count() > 400
    for value in values:
        (page, start, end), *_ = value.places
        assert page == value.page
        found = locate(value.quote, PagedText([(page, texts[value.document_id][page])]))
        assert found.verified, value.quote
        assert texts[value.document_id][page][start:end].strip(), value.quote


def test_one_result_has_some_concerns_and_one_has_none(demonstration):
    rows = {
        row.study.label: row.row.marks["overall"]
        for row in judged(forms(demonstration)[1], {Role.LEAD})
        if row.row.marks
    }
    assert {label: (mark.code, mark.confirmed) for label, mark in rows.items()} == {
        "Tanaka 2020": ("some", True),
        "Nowak 2023": ("low", True),
    }
