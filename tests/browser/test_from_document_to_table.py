"""The way of a report in Chromium: sought, read in full, extracted by two, settled, judged, and in the exported table.

Robin has read one report before and includes it; sasha reads both; lee adjudicates, settles, and takes the table away.
"""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.actors import acting, worker
from extraction.actions import extraction_runs, offline_proposals
from extraction.enums import Capacity
from extraction.management.demonstration.build import reports
from extraction.management.demonstration.judging import judgements
from extraction.management.demonstration.model import ReportTruth
from extraction.models.form import Form
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from extraction.prompts.flags import FLAGS
from screening import prisma
from screening.models.decision import Decision
from screening.models.document import Document
from screening.models.record import Record
from screening.models.review import Review
from screening.models.run import Run
from screening.models.study import Study
from screening.models.suggestion import Suggestion
from screening.views.prisma import flow_of
from tests.extracting_by_hand import RIGHT, begin, describe, extract, finish, judge, primary, refuse
from tests.fixtures.browser import NewPage
from tests.lighting import letters, light_each_quote, under_the_light
from tests.visiting import choose, open_workbench, settled, sign_in

UNREAD, REPORT = "10.5555/inv.2012.0040", "10.5555/inv.2023.0008"
LABEL, INJECTED = "Chen 2023", "Okafor 2022"
REASON = "Wrong outcomes"
SLIP = "41.4"  # what sasha types for the mean in the first arm


@pytest.fixture(scope="module")
def truth() -> ReportTruth:
    return next(report.truth for report in reports() if report.doi == REPORT)


@pytest.fixture
def people(demonstration: Review, live_server: object, new_page: NewPage) -> dict[str, Page]:
    expect.set_options(timeout=20_000)
    pages = {username: new_page() for username in ("robin", "sasha", "lee")}
    for username, page in pages.items():
        page.set_viewport_size({"width": 1440, "height": 900})
        sign_in(page, username)
    return pages


def address(name: str, *arguments: object) -> str:
    return reverse(name if ":" in name else f"extraction:{name}", args=list(arguments))


def sheet_of(review: Review, label: str, instrument: str = "") -> list[int]:
    """Review, study and form, as the addresses of sheets take them."""
    form = Form.objects.get(review=review, instrument=instrument)
    return [review.pk, Study.objects.get(review=review, label=label).pk, form.pk]


def prisma_flow(page: Page, review: Review) -> dict[str, int]:
    """The numbers that a reader of the flow sees; they are those that are counted, and its lower half balances."""
    page.goto(address("screening:prisma", review.pk))
    told = page.locator(".data-table td.num a").evaluate_all("all => all.map((one) => [one.href, one.textContent])")
    boxes = {link.split("box=")[1]: int(number) for link, number in told}
    flow = flow_of(review)
    assert boxes == {number.key: number.n for number in prisma.numbers(flow)}
    assert prisma.balance(flow) == []
    open_still = boxes["awaiting_retrieval"] + boxes["awaiting_assessment"]
    assert boxes["sought"] == boxes["not_retrieved"] + open_still + boxes["assessed"]
    for_a_reason = sum(n for box, n in boxes.items() if box.startswith("reason:"))
    assert boxes["assessed"] == for_a_reason + boxes["included_reports"]
    return boxes


def at_report(page: Page) -> str:
    """The workbench shows a report, its PDF beside the criteria; which of the two it is."""
    expect(page.locator("pdf-viewer .page canvas").first).to_be_in_viewport()
    expect(page.locator(".wb-side")).to_be_in_viewport()
    return Record.objects.get(doi__in=(UNREAD, REPORT), title=page.locator(".wb-title").inner_text()).doi


def vote(page: Page, doi: str, verdicts: dict[str, str]) -> None:
    """The key of the verdict, and of the reason where it is an exclusion."""
    page.keyboard.press(verdicts[doi])
    if verdicts[doi] == "n":
        page.keyboard.press(page.locator(".wb-reasons button", has_text=REASON).locator("kbd").inner_text())
    settled(page)


def read_in_full(people: dict[str, Page], review: Review) -> None:
    """Sasha excludes one report with a reason and includes the other; robin includes the first; lee ends that."""
    robin, sasha, lee = people.values()
    verdicts = {UNREAD: "n", REPORT: "y"}
    open_workbench(sasha, review, "full_text")
    choose(sasha, "reveal", "never")  # what AI suggests would hold the page where it has read the first report
    first = at_report(sasha)  # the engine orders them, by meaning where it can
    vote(sasha, first, verdicts)
    expect(sasha.locator(".wb-title")).not_to_have_text(Record.objects.get(doi=first, merged_into=None).title)
    second = at_report(sasha)
    assert {first, second} == set(verdicts)
    vote(sasha, second, verdicts)
    open_workbench(robin, review, "full_text")
    assert at_report(robin) == UNREAD
    vote(robin, UNREAD, {UNREAD: "y"})
    lee.goto(address("screening:conflicts", review.pk))
    lee.get_by_role("link", name=Record.objects.get(doi=UNREAD, merged_into=None).title).click()
    lee.wait_for_selector("pdf-viewer[data-state=ready]")
    lee.keyboard.press("o")
    expect(lee.locator("#opinions")).to_contain_text(REASON)
    lee.keyboard.press("n")
    lee.keyboard.press(lee.locator(".wb-reason", has_text=REASON).locator("kbd").inner_text())
    expect(lee.locator(".toast-card")).to_contain_text("Settled")


def propose(lead: Page, review: Review) -> None:
    """Lee starts the offline engine; what the worker does then is done here, by the worker's own verbs."""
    lead.goto(address("run-start", review.pk))
    engine = Run.objects.filter(review=review, purpose="extraction").latest("id").assistant
    lead.get_by_label("Assistant").select_option(str(engine.pk))
    lead.get_by_role("button", name="Start with Offline engine").click()
    lead.wait_for_url("**/ai/runs/*/")
    run = Run.objects.filter(review=review, purpose="extraction").latest("id")
    with acting(worker("offline engine")):
        extraction_runs.prepare(run_id=run.pk)
        while offline_proposals.read_batch(run_id=run.pk):
            pass


def settle(page: Page, place: list[int], truth: ReportTruth) -> None:
    """Both values, the proposal and the place stand side by side; a digit takes the right one."""
    page.goto(address("consensus", *place))
    page.wait_for_selector("#consensus[data-ready]")
    expect(page.locator(".wb-status")).to_contain_text("1 to settle")
    line = page.locator("[data-open]")
    expect(line).to_be_focused()
    expect(line).to_contain_text(SLIP)
    expect(line.locator(".xt-offer")).to_contain_text(RIGHT)
    expect(page.locator(".pv-mark").first).to_be_in_viewport()
    assert light_each_quote(page) > len(primary(truth))
    line.focus()
    page.keyboard.press(line.locator(".xt-takes", has_text=RIGHT).get_attribute("data-take") or "")
    expect(page.locator(".wb-status")).to_contain_text("0 to settle")


def judged(page: Page, review: Review, truth: ReportTruth) -> None:
    overall = next(answer.raw for answer in judgements(truth) if answer.field == "overall")
    page.goto(address("bias", review.pk))
    expect(page.locator("svg.bias-plot").first).to_contain_text(LABEL)
    page.get_by_text("The judgements as a table").click()
    row = page.get_by_role("row", name=LABEL)
    expect(row.locator("td").last).to_contain_text({"some": "Some concerns", "low": "Low", "high": "High"}[overall])


def provenance(page: Page, place: list[int], cell: str) -> None:
    """The table lists the study; a value opens who said it, when, what was proposed, and where it stands."""
    page.goto(address("table", place[0]))
    page.get_by_role("link", name="Results", exact=True).click()
    expect(page.get_by_role("rowheader", name=LABEL).first).to_be_visible()
    page.locator(f'td a[href*="{place[1]}/{place[2]}/{cell}/"]').click()
    dialog = page.get_by_role("dialog")
    for words in (RIGHT, SLIP, "robin", "sasha", "lee", "AI proposal", "Page 3", str(timezone.now().year)):
        expect(dialog).to_contain_text(words)
    dialog.get_by_role("link", name="Open with the document").click()
    page.wait_for_selector('.page[data-page-number="3"]:has(canvas) .pv-mark')
    assert [letters(RIGHT) in letters(text) for _, text in under_the_light(page)] == [True]


def download(page: Page, name: str) -> Path:
    with page.expect_download() as coming:
        page.locator(f".table-files a[href*='{name}']").click()
    return Path(coming.value.path())


def take_away(page: Page, place: list[int]) -> None:
    """Each file opens, and holds what was settled and not the slip."""
    page.goto(address("table", place[0]))
    page.get_by_text("Export", exact=True).click()
    lines = list(csv.DictReader(io.StringIO(download(page, "long.csv").read_text("utf-8-sig"))))
    assert [line["Mean"] for line in lines if line["study"] == LABEL and line["Mean"]] == [RIGHT, "17.8"]
    rows = list(csv.DictReader(io.StringIO(download(page, "revman.csv").read_text("utf-8-sig"))))
    assert [row["Experimental mean"] for row in rows if row["Study"] == LABEL] == [RIGHT]
    document = json.loads(download(page, "evidence.json").read_text())
    study = next(one for one in document["studies"] if one["label"] == LABEL)
    assert RIGHT in [cell["text"] for cell in study["cells"] if cell["field"] == "mean"]
    book = openpyxl.load_workbook(io.BytesIO(download(page, "evidence.xlsx").read_bytes()), read_only=True)
    table = [row for row in book["Long"].iter_rows(values_only=True) if row[1] == LABEL]
    assert any(float(RIGHT) in row for row in table)
    assert not any(float(SLIP) in row for row in table)


def test_a_sought_report_goes_by_way_of_its_pdf_to_the_exported_table(
    demonstration: Review, people: dict[str, Page], truth: ReportTruth
) -> None:
    robin, sasha, lee = people.values()
    before = prisma_flow(lee, demonstration)
    read_in_full(people, demonstration)
    after = prisma_flow(lee, demonstration)
    grown = {box: n - before.get(box, 0) for box, n in after.items() if n != before.get(box, 0)}
    assert grown.pop(next(box for box in grown if box.startswith("reason:"))) == 1
    assert grown == {
        "assessed": 2, "awaiting_assessment": -2, "excluded_full_text": 1, "included_reports": 1,
        "included_studies": 1,
    }  # fmt: skip

    place = sheet_of(demonstration, LABEL)
    begin(robin, place)
    describe(robin, truth)
    propose(lee, demonstration)
    begin(sasha, place)
    robin.reload()
    robin.wait_for_selector("#sheet[data-ready]")
    for page, mean in ((robin, RIGHT), (sasha, SLIP)):
        refuse(page, place[1], truth)
        extract(page, place[1], truth, mean)
        finish(page)
    said = Value.objects.filter(study=place[1], author__username="robin")
    assert {"typed", "accepted", "edited"} == set(said.values_list("manner", flat=True))
    settle(lee, place, truth)

    for page in (robin, sasha):
        judge(page, sheet_of(demonstration, LABEL, "rob2"), truth)
    judged(lee, demonstration, truth)
    provenance(lee, place, Value.objects.get(study=place[1], capacity=Capacity.CONSENSUS).cell)
    take_away(lee, place)


def test_orders_that_a_pdf_hides_are_flagged_and_change_nothing(demonstration: Review, people: dict[str, Page]) -> None:
    place = sheet_of(demonstration, INJECTED)
    record = Record.objects.get(study_report__study=place[1])
    document = Document.objects.get(record=record)
    robin, _, lee = people.values()
    lee.goto(address("screening:document", place[0], document.pk))
    expect(lee.locator(".document-facts")).to_contain_text("text that a reader of the page does not see")
    begin(robin, place)
    warned = robin.locator(".xt-warning", has_text=FLAGS["text_gives_instructions"])
    assert warned.count() == robin.locator("[data-offer]").count() > 20
    expect(robin.get_by_role("button", name="Accept checked")).to_have_count(0)
    hidden = next(report.truth.hidden for report in reports() if report.truth.hidden)
    proposals = Proposal.objects.filter(study=place[1])
    assert all("text_gives_instructions" in proposal.flags for proposal in proposals)
    assert not [p for p in proposals for order in hidden if letters(order) in letters(p.quote + str(p.value))]
    assert {"hidden_text", "instruction"} <= set(Suggestion.objects.get(record=record, stage="full_text").flags)
    assert not Value.objects.filter(study=place[1]).exists()
    by = Decision.objects.filter(record=record, stage="full_text").values_list("author__username", "verdict")
    assert sorted(by) == [("robin", "include"), ("sasha", "include")]
