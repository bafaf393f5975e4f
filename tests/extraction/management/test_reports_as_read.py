"""The invented reports as the product reads them: every quote is found, and what an extractor enters fits the form."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from extraction.fields import kind_of
from extraction.management.demonstration.answers import NOT_REPORTED, Answer, answers, form_schema, measures
from extraction.management.demonstration.model import Place, Report
from extraction.schema import check, fields, group_of, to_json
from screening.fulltext.locate import PagedText, holds_number, locate
from screening.fulltext.page import Page, quality_of
from screening.fulltext.reading import read
from tests.invented_reports import READABLE, made

WITH_RESULTS = ("w009", "w029", "w036", "w037", "w024", "w034", "w032", "w040", "w041", "w008", "w033", "w012", "w060")


@cache
def pages(work: str) -> list[Page]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.pdf"
        path.write_bytes(made()[work].content)
        return list(read(path))


def visible(work: str) -> PagedText:
    return PagedText([(page.number, page.visible) for page in pages(work)])


def places(report: Report) -> Iterator[Place]:
    truth = report.truth
    for held in (*truth.facts.values(), *truth.means, *truth.differences, *truth.events, *truth.hazards):
        yield held.place


@pytest.mark.parametrize("work", sorted(READABLE))
def test_every_quote_is_found_on_its_page(work: str) -> None:
    text = visible(work)
    wrong = [place for place in places(made()[work]) if locate(place.quote, text).page != place.page]
    assert wrong == []


def test_only_one_report_has_hidden_text_and_what_a_model_gets_has_none_of_it() -> None:
    hidden = {work: quality_of(pages(work)).hidden for work in made()}
    assert [work for work, characters in hidden.items() if characters] == ["w034"]
    assert [{span.why for span in page.hidden} for page in pages("w034")[:3]] == [{"white"}, {"invisible"}, {"tiny"}]
    shown = " ".join(" ".join(page.visible.split()) for page in pages("w034"))
    assert made()["w034"].truth.hidden
    assert not any(order in shown for order in made()["w034"].truth.hidden)


def test_the_scan_is_known_as_one_and_the_others_have_text() -> None:
    assert {work: quality_of(pages(work)).layer for work in made()} == {
        work: "scan" if work == "w040" else "text" for work in made()
    }


def test_the_form_is_made_of_two_templates_and_has_no_fault() -> None:
    schema = form_schema()
    assert check(to_json(schema))[1] == []
    assert 50 <= len(fields(schema)) <= 80


@pytest.mark.parametrize("work", WITH_RESULTS)
def test_what_is_entered_fits_its_field_and_its_group(work: str) -> None:
    known, groups = fields(form_schema()), group_of(form_schema())
    cells: set[tuple[object, ...]] = set()
    for answer in answers(made()[work].truth):
        parsed = kind_of(known[answer.field]).parse(answer.raw)
        assert parsed.reported == (answer.raw != NOT_REPORTED), answer
        assert known[answer.field].tier != "derived"
        assert groups[answer.field].repeats == repeats(answer)
        cells.add((answer.field, answer.arm, answer.measure))
    assert len(cells) == len(answers(made()[work].truth))
    needed = {key for key, field in known.items() if field.required}
    assert needed <= {answer.field for answer in answers(made()[work].truth)}


def repeats(answer: Answer) -> str:
    parts = ["measure"] * (answer.measure is not None) + ["arm"] * (answer.arm is not None)
    return "_".join(parts) or "study"


@pytest.mark.parametrize("work", WITH_RESULTS)
def test_a_number_that_is_entered_stands_in_its_quote(work: str) -> None:
    known = fields(form_schema())
    for answer in answers(made()[work].truth):
        field = known[answer.field]
        value = kind_of(field).decimal(kind_of(field).parse(answer.raw))
        if value is not None and answer.place:
            assert holds_number(answer.place.quote, Decimal(value)), answer


def test_what_a_report_does_not_say_is_not_reported() -> None:
    silent = {work for work in WITH_RESULTS for answer in answers(made()[work].truth) if answer.place is None}
    assert silent == {"w037", "w033"}
    assert [len(measures(made()[work].truth)) for work in ("w009", "w012")] == [4, 2]
