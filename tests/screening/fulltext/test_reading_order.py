"""Text is read as a person reads it: column by column, tables row by row."""

from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from screening.fulltext.locate import PagedText, locate
from tests.screening.fulltext.papers import column, only_page, prose

LEFT, RIGHT = 50.0, 310.0


def in_order(text: str, *parts: str) -> bool:
    places = [text.index(part) for part in parts]
    return places == sorted(places)


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for at, (left, right) in enumerate(zip(prose("left", 20), prose("right", 20), strict=True)):
            canvas.drawString(LEFT, 700 - 12 * at, left)  # drawn line by line across both
            canvas.drawString(RIGHT, 700 - 12 * at, right)

    text = only_page(tmp_path / "a.pdf", draw).text
    assert in_order(text, *(f"left{at}" for at in range(20)), *(f"right{at}" for at in range(20)))


def test_columns_whose_lines_do_not_meet_are_read_one_after_the_other(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, RIGHT, 695, prose("right", 20), leading=11)
        column(canvas, LEFT, 700, prose("left", 18), leading=12.5)

    text = only_page(tmp_path / "a.pdf", draw).text
    assert in_order(text, "left0", "left17", "right0", "right19")


def test_three_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for x, name in ((40.0, "aaaa"), (220.0, "bbbb"), (400.0, "cccc")):
            column(canvas, x, 700, prose(name, 15, length=40))

    text = only_page(tmp_path / "a.pdf", draw).text
    assert in_order(text, "aaaa0", "aaaa14", "bbbb0", "bbbb14", "cccc0", "cccc14")


def test_a_title_comes_first_and_running_head_and_foot_stand_outside_the_columns(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, LEFT, 815, ["Journal of Invented Trials 2026"])
        column(canvas, 120, 760, ["A randomised trial of a title that goes over both of the columns"])
        column(canvas, LEFT, 700, [*prose("left", 19), "the sentence was bro-"])
        column(canvas, RIGHT, 700, ["ken between the columns here", *prose("right", 19)])
        column(canvas, LEFT, 30, ["www.example.org"])
        column(canvas, 520, 30, ["Page 7"])

    page = only_page(tmp_path / "a.pdf", draw)
    assert in_order(page.text, "Journal", "randomised", "left0", "left18", "right0", "right18", "www", "Page 7")
    assert locate("the sentence was broken between the columns", PagedText([(1, page.text)])).verified


def test_a_table_across_the_page_is_read_row_by_row(tmp_path: Path) -> None:
    rows = [("Age, years", "54.2 (8.1)", "53.9 (7.7)", "0.61"), ("Women", "61 (48%)", "58 (46%)", "0.72")] * 5

    def draw(canvas: Canvas) -> None:
        for at, row in enumerate(rows):
            for x, cell in zip((60, 220, 350, 480), row, strict=True):
                canvas.drawString(x, 700 - 14 * at, f"{cell}#{at}")

    page = only_page(tmp_path / "a.pdf", draw)
    lines = page.text.split("\n")
    assert lines[0] == "Age, years#0 54.2 (8.1)#0 53.9 (7.7)#0 0.61#0"
    assert lines[9] == "Women#9 61 (48%)#9 58 (46%)#9 0.72#9"
    assert page.table


def test_a_table_under_two_columns_does_not_disturb_them(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, LEFT, 780, prose("left", 25))
        column(canvas, RIGHT, 780, prose("right", 25))
        column(
            canvas,
            LEFT,
            440,
            ["Table 2. Outcomes of all the patients who were randomised to one of the two groups here"],
        )
        for at in range(6):
            for x, cell in zip((50, 250, 380, 500), (f"row{at}", f"1{at}.5", f"2{at}.5", f"0.0{at}"), strict=True):
                canvas.drawString(x, 420 - 14 * at, cell)

    page = only_page(tmp_path / "a.pdf", draw)
    assert in_order(
        page.text, "left0", "left24", "right0", "right24", "Table 2", "row0 10.5 20.5 0.00", "row5 15.5 25.5 0.05"
    )
    assert page.table


def test_prose_is_not_taken_for_a_table(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, LEFT, 700, prose("left", 30))
        column(canvas, RIGHT, 700, prose("right", 30))
        canvas.line(50, 820, 545, 820)
        canvas.line(50, 40, 545, 40)

    assert not only_page(tmp_path / "a.pdf", draw).table


def test_three_rules_under_each_other_are_a_table(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, LEFT, 700, ["Group Mean", "A 1", "B 2"])
        for y in (715, 695, 670):
            canvas.line(50, y, 290, y)

    assert only_page(tmp_path / "a.pdf", draw).table


def test_lines_blocks_and_words_are_joined_by_what_stands_between_them(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, LEFT, 700, ["One line", "and its next", "and a third"])
        column(canvas, LEFT, 600, ["Another block"])

    assert only_page(tmp_path / "a.pdf", draw).text == "One line\nand its next\nand a third\n\nAnother block"


def test_a_superscript_stays_in_its_line(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, LEFT, 700, ["The line above it all", "was given statins", "The line below it all"])
        canvas.setFont("Times-Roman", 6)
        canvas.drawString(125, 692, "12,13")
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(145, 688, "in 2020")

    lines = only_page(tmp_path / "a.pdf", draw).text.split("\n")
    assert lines[1].startswith("was given statins")
    assert lines[1].endswith("12,13 in 2020")


def test_text_on_its_side_comes_after_the_text(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(20, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "stamped by the archive")
        canvas.restoreState()
        column(canvas, LEFT, 700, prose("word", 20))

    assert only_page(tmp_path / "a.pdf", draw).text.endswith("\n\nstamped by the archive")


def test_rows_of_two_groups_with_room_between_them_stay_rows(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for at in range(8):
            row = (
                f"Six-minute walk at week {at}",
                f"10{at}",
                f"31{at}·7 (86·3)",
                f"20{at}",
                f"29{at}·1 (88·2)",
                "21·5 (3·1–40·0)",
            )
            for x, cell in zip((50, 185, 215, 300, 330, 430), row, strict=True):
                canvas.drawString(x, 700 - 12 * at, cell)

    assert (
        "Six-minute walk at week 5 105 315·7 (86·3) 205 295·1 (88·2) 21·5" in only_page(tmp_path / "a.pdf", draw).text
    )
