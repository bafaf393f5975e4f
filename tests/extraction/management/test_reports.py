"""The invented trial reports: papers in form, agreeing in figures, and each quote where it is said to stand."""

import re
from decimal import Decimal
from functools import cache
from io import BytesIO
from math import sqrt

import pypdf
import pypdfium2
import pytest

from extraction.management.demonstration.build import reports
from extraction.management.demonstration.hidden import ORDERS, TINY, WHITE
from extraction.management.demonstration.model import END, Report
from extraction.management.demonstration.plans import EXERGAMING_REGISTRY
from extraction.management.demonstration.setting import FOOT
from screening.management.demonstration.build import articles_of
from screening.management.demonstration.model import Article
from tests.invented_reports import READABLE, made

MOST_BYTES = 1_500_000


@cache
def articles() -> dict[str, Article]:
    return articles_of()


@cache
def texts(work: str) -> list[str]:
    with pypdfium2.PdfDocument(made()[work].content) as document:
        return [page.get_textpage().get_text_range() for page in document]


def tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


def parallel() -> list[Report]:
    return [r for r in made().values() if r.truth.arms and r.truth.facts["design"].value == "parallel"]


def numbers(text: str) -> set[Decimal]:
    plain = text.replace("·", ".").replace("−", "-").replace("\u2009", "").replace(",", "")
    return {Decimal(found) for found in re.findall(r"-?\d+(?:\.\d+)?", plain)}


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert [report.content for report in reports()] == [report.content for report in made().values()]


def test_all_but_the_scans_can_be_read() -> None:
    assert [work for work, report in made().items() if not report.truth.scanned] == READABLE


def test_each_is_the_full_text_of_an_article_of_the_demonstration() -> None:
    for work, report in made().items():
        article = articles()[work]
        assert (report.doi, report.title) == (article.doi, article.title)
        assert report.truth.eligible == (article.truth.verdict == "include")
        assert report.truth.reason == article.truth.reason
    assert sum(report.truth.eligible for report in made().values()) == 13
    assert len({report.filename for report in made().values()}) == len(made())


@pytest.mark.parametrize("work", READABLE)
def test_the_first_page_has_title_authors_and_doi_as_a_database_has_them(work: str) -> None:
    article, first = articles()[work], tight(texts(work)[0])
    assert tight(article.title) in first
    assert all(tight(name.split(",")[0]) in first for name in article.authors)
    assert article.doi in first


@pytest.mark.parametrize("work", READABLE)
def test_every_page_says_that_it_is_invented(work: str) -> None:
    assert all(tight(FOOT) in tight(page) for page in texts(work))


@pytest.mark.parametrize("work", READABLE)
def test_every_quote_stands_on_the_page_that_the_truth_names(work: str) -> None:
    truth = made()[work].truth
    pages = [tight(page) for page in texts(work)]
    held = [*truth.facts.values(), *truth.means, *truth.differences, *truth.events, *truth.hazards]
    assert held
    for something in held:
        assert tight(something.place.quote) in pages[something.place.page - 1]


def test_every_figure_stands_in_its_own_quote() -> None:
    for report in made().values():
        for mean in report.truth.means:
            assert {mean.mean, mean.sd, Decimal(mean.n)} <= numbers(mean.place.quote)
        for effect in (*report.truth.differences, *report.truth.hazards):
            value = effect.ratio if hasattr(effect, "ratio") else effect.value
            assert {value, effect.low, effect.high} <= numbers(effect.place.quote)
        for count in report.truth.events:
            assert Decimal(count.events) in numbers(count.place.quote)


def test_arms_add_up_and_nobody_is_counted_twice() -> None:
    for report in parallel():
        truth = report.truth
        total = int(truth.facts["randomised"].value)
        assert sum(arm.n for arm in truth.arms) == total
        assert sum(arm.women for arm in truth.arms) == int(truth.facts["women"].value)
        assert all(arm.followed <= arm.analysed <= arm.n for arm in truth.arms)
        assert total - sum(arm.analysed for arm in truth.arms) == int(truth.facts["withdrawals"].value)
        weighted = sum(arm.age * arm.n for arm in truth.arms) / total
        assert abs(weighted - Decimal(truth.facts["age"].value)) <= Decimal("0.05")
        assert all(0 <= count.events <= count.n for count in truth.events)


def test_intervals_follow_from_the_means_and_standard_deviations_of_the_table() -> None:
    checked = 0
    for report in parallel():
        for effect in report.truth.differences:
            pair = [
                m for m in report.truth.means if (m.outcome, m.time, m.change) == (effect.outcome, effect.time, True)
            ]
            a, b = sorted(pair, key=lambda mean: mean.arm)
            unit = Decimal(1).scaleb(effect.value.as_tuple().exponent)
            half = Decimal(1.96 * sqrt(float(a.sd) ** 2 / a.n + float(b.sd) ** 2 / b.n))
            assert abs(a.mean - b.mean - effect.value) <= unit / 2
            assert abs(a.mean - b.mean - half - effect.low) <= unit * Decimal("1.5")
            assert abs(a.mean - b.mean + half - effect.high) <= unit * Decimal("1.5")
            checked += 1
    assert checked >= 40


def test_values_at_follow_up_are_baseline_plus_change() -> None:
    for report in made().values():
        means = {(m.outcome, m.time, m.arm, m.change): m.mean for m in report.truth.means}
        for (outcome, time, arm, change), mean in means.items():
            if change:
                assert means[outcome, "baseline", arm, False] + mean == means[outcome, time, arm, False]


def test_the_figures_agree_with_the_abstract_that_the_database_has() -> None:
    for work, report in made().items():
        primary = [d for d in report.truth.differences if d.time == END][:1]
        for effect in primary:
            shown = [str(value).replace("-", "−").removeprefix("−0.0") for value in (effect.low, effect.high)]
            if work != "w369":  # the congress abstract was cut before the result
                assert all(value in articles()[work].abstract for value in shown), work


def test_some_papers_do_not_say_everything() -> None:
    full = {work: report.truth.facts for work, report in made().items() if report.truth.means}
    assert [work for work, facts in full.items() if "concealment" not in facts] == ["w037"]
    assert [work for work, facts in full.items() if "blinding" not in facts] == ["w037", "w033"]


def test_numbers_are_written_in_several_ways() -> None:
    everything = " ".join(" ".join(texts(work)) for work in READABLE)
    for way in (
        r"\d·\d",
        r"\d\.\d",
        r"n=\d",
        r"n = \d",
        r"\d,\d{3}",
        r"Of \d[ \u2009]\d{3} people",
        r"\d\d%",
        r"\d to −?\d",
        r"\d–\d",
    ):
        assert re.search(way, everything), way
    assert re.search(r"Twenty-\w+ of \d+ participants", everything)


def test_one_is_a_scan_without_any_text_and_small_enough() -> None:
    scans = [work for work, report in made().items() if report.truth.scanned]
    assert scans == ["w040"]
    assert not "".join(texts("w040")).strip()
    assert all(len(report.content) < MOST_BYTES for report in made().values())
    picture = pypdf.PdfReader(BytesIO(made()["w040"].content)).pages[0].images[0].image
    assert picture.mode == "L"
    assert picture.size[0] > 850


def test_one_hides_orders_that_a_program_reads_and_a_reader_does_not_see() -> None:
    assert [work for work, report in made().items() if report.truth.hidden] == ["w034"]
    for page, order in enumerate(ORDERS):
        assert tight(order) in tight(texts("w034")[page])
    with pypdfium2.PdfDocument(made()["w034"].content) as document:
        for number in (0, 1):  # white, and in the invisible mode: no ink where they stand
            picture = document[number].render(scale=2, grayscale=True).to_pil()
            strip = picture.crop((90, picture.height - 108, picture.width - 90, picture.height - 80))
            assert strip.getextrema() == (255, 255)
    assert WHITE != TINY


def test_one_has_its_wide_table_on_a_turned_page_and_one_is_long() -> None:
    with pypdfium2.PdfDocument(made()["w008"].content) as document:
        turned = [page.get_rotation() for page in document]
        assert turned.count(90) == 1
        width, height = document[turned.index(90)].get_size()
        assert width > height
    assert made()["w041"].pages >= 35
    assert all(5 <= report.pages <= 8 for work, report in made().items() if work not in {"w041", "w369", "w297"})


def test_two_reports_tell_of_the_same_trial_and_two_others_only_share_a_name() -> None:
    registered: dict[str, list[str]] = {}
    for work, report in made().items():
        registered.setdefault(report.truth.facts["registry"].value, []).append(work)
    assert [works for works in registered.values() if len(works) > 1] == [["w012", "w369"]]
    assert registered[EXERGAMING_REGISTRY] == ["w012", "w369"]
    assert all("OUTREACH-3" in made()[work].title for work in ("w009", "w036"))
