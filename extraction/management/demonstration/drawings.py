"""The figures of a report as vector drawings: flow of participants, bars with whiskers, curves of people without an event."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import cast

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from extraction.management.demonstration.draft import Draft, Drawing
from extraction.management.demonstration.looks import markup

GREY = HexColor("#777777")


def drawing(draft: Draft, block: Drawing, width: float, plain: ParagraphStyle, bold: ParagraphStyle) -> Flowable:
    """The flowable for a figure. Raises KeyError for a kind that is not drawn."""
    kinds: dict[str, type[_Figure]] = {"flow": _Flow, "bars": _Bars, "curves": _Curves}
    return kinds[block.kind](draft, block.data, width, plain, bold)


class _Figure(Flowable):  # type: ignore[misc]
    """Something drawn to a column's width. Sizes are points; the origin is at the lower left."""

    tall = 150.0

    def __init__(
        self, draft: Draft, data: Mapping[str, object], width: float, plain: ParagraphStyle, bold: ParagraphStyle
    ) -> None:
        super().__init__()
        self.draft, self.data, self.wide, self.plain, self.bold = draft, data, width, plain, bold

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Its size, whatever is available."""
        return self.wide, self.tall

    @property
    def canvas(self) -> Canvas:
        """Where it is drawn."""
        return cast("Canvas", self.canv)

    def words(self, text: str, x: float, y: float, width: float, *, bold: bool = False) -> float:
        """Centred text whose top is at y; returns its height."""
        how = self.bold if bold else self.plain
        piece = Paragraph(markup(text, how.fontName).replace("\n", "<br/>"), how)
        _, high = piece.wrapOn(self.canvas, width, 400)
        piece.drawOn(self.canvas, x, y - high)
        return float(high)

    def label(self, text: str, x: float, y: float, anchor: str = "middle") -> None:
        """A small piece of text on an axis."""
        canvas = self.canvas
        canvas.setFont(self.plain.fontName, 6.6)
        canvas.setFillColor(HexColor("#222222"))
        {"middle": canvas.drawCentredString, "end": canvas.drawRightString, "start": canvas.drawString}[anchor](x, y, text)  # fmt: skip


class _Flow(_Figure):
    """Assessed, randomised, allocated, followed up, in boxes."""

    tall = 194.0

    def draw(self) -> None:
        """The boxes from the top down."""
        plan, look = self.draft.plan, self.draft.look
        middle, half = self.wide / 2, self.wide / 2 - 6
        self._box(f"Assessed for eligibility ({look.n(plan.screened)})", middle - 65, 192, 130, 20)
        self._arrow(middle, 172, middle, 140)
        self._box(f"Not included ({look.n(plan.screened - plan.n)})", middle + 14, 166, half - 10, 20)
        self._box(f"Randomised ({look.n(plan.n)})", middle - 52, 140, 104, 20)
        for side, arm in enumerate(plan.arms):
            x = side * (half + 12)
            self._arrow(middle, 120, x + half / 2, 104)
            name = arm.label if not plan.crossover else ("Exercise first" if side == 0 else "Exercise second")
            size = arm.n if not plan.crossover else arm.n // 2
            self._box(f"{name}\n({look.n(size)})", x, 104, half, 32)
            self._arrow(x + half / 2, 72, x + half / 2, 58)
            self._box(self._followed(side), x, 58, half, 52)

    def _followed(self, side: int) -> str:
        plan, look = self.draft.plan, self.draft.look
        arm = plan.arms[side]
        if plan.crossover:
            done = arm.analysed // 2
            return f"Both periods ({look.n(done)})\nLeft early ({look.n(arm.n // 2 - done)})"
        lost = f"Lost ({look.n(arm.n - arm.analysed)})"
        return f"Assessed at {plan.weeks} weeks ({look.n(arm.analysed)})\n{lost}\nAt {plan.months} months ({look.n(arm.followed)})"

    def _box(self, text: str, x: float, top: float, width: float, height: float) -> None:
        canvas = self.canvas
        canvas.setStrokeColor(self.draft.look.ink)
        canvas.setLineWidth(0.7)
        canvas.rect(x, top - height, width, height)
        self.words(text, x + 2, top - 3, width - 4)

    def _arrow(self, x: float, y: float, to_x: float, to_y: float) -> None:
        canvas = self.canvas
        canvas.setStrokeColor(GREY)
        canvas.setFillColor(GREY)
        canvas.line(x, y, to_x, to_y)
        path = canvas.beginPath()
        path.moveTo(to_x, to_y)
        path.lineTo(to_x - 2.2, to_y + 4.5)
        path.lineTo(to_x + 2.2, to_y + 4.5)
        path.close()
        canvas.drawPath(path, fill=1, stroke=0)


class _Axes(_Figure):
    """Something between two axes."""

    left, foot, high = 30.0, 44.0, 118.0
    tall = 170.0

    def colours(self) -> tuple[Color, Color]:
        """First and second arm."""
        return self.draft.look.ink, HexColor("#c08a2e")

    def axes(self, ticks: list[tuple[float, str]]) -> None:
        """Both axes, and marks on the upright one at shares of its height."""
        canvas = self.canvas
        canvas.setStrokeColor(GREY)
        canvas.setLineWidth(0.6)
        canvas.line(self.left, self.foot, self.left, self.foot + self.high)
        canvas.line(self.left, self.foot, self.wide - 4, self.foot)
        for share, text in ticks:
            y = self.foot + share * self.high
            canvas.line(self.left - 3, y, self.left, y)
            self.label(text, self.left - 5, y - 2.2, "end")

    def key(self, y: float) -> None:
        """Which colour is which arm."""
        for i, (arm, colour) in enumerate(zip(self.draft.plan.arms, self.colours(), strict=True)):
            x = self.left + 6 + i * (self.wide - self.left) / 2
            self.canvas.setFillColor(colour)
            self.canvas.rect(x, y, 7, 5, fill=1, stroke=0)
            self.label(arm.label, x + 10, y, "start")


class _Bars(_Axes):
    """Mean and SD of both arms at each time."""

    tall = 176.0
    foot = 30.0

    def draw(self) -> None:
        """Bars side by side, with whiskers of one SD."""
        values = cast("dict[str, list[tuple[Decimal, Decimal]]]", self.data["values"])
        top = float(max(mean + sd for pairs in values.values() for mean, sd in pairs)) * 1.08
        step = _round_step(top / 4)
        self.axes([(i * step / top, f"{i * step:g}") for i in range(int(top / step) + 1)])
        room = (self.wide - self.left - 8) / len(values)
        for place, (time, pairs) in enumerate(values.items()):
            x = self.left + 6 + place * room
            for i, (mean, sd) in enumerate(pairs):
                self._bar(x + 4 + i * room * 0.4, room * 0.36, float(mean), float(sd), top, self.colours()[i])
            named = "Baseline" if time == "baseline" else self.draft.when(time)
            self.label(named, x + 4 + room * 0.38, self.foot - 10)
        self.key(8)
        self.label(str(self.data["unit"]), self.left, self.foot + self.high + 8)

    def _bar(self, x: float, width: float, mean: float, sd: float, top: float, colour: Color) -> None:
        canvas, scale = self.canvas, self.high / top
        canvas.setFillColor(colour)
        canvas.rect(x, self.foot, width, mean * scale, fill=1, stroke=0)
        canvas.setStrokeColor(HexColor("#222222"))
        middle, low, up = x + width / 2, self.foot + max(mean - sd, 0) * scale, self.foot + (mean + sd) * scale
        canvas.line(middle, low, middle, up)
        for y in (low, up):
            canvas.line(middle - 3, y, middle + 3, y)


def _round_step(rough: float) -> float:
    steps = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500)
    return next((step for step in steps if step >= rough), 1000)


class _Curves(_Axes):
    """People without an event over time, step by step, with the numbers at risk below (after Kaplan and Meier)."""

    foot = 62.0
    tall = 196.0

    def draw(self) -> None:
        """A curve for each arm, from 100% down."""
        plan = self.draft.plan
        self.axes([(share / 4, f"{25 * share}%") for share in range(5)])
        marks = [plan.months * i // 4 for i in range(5)]
        for mark in marks:
            self.label(str(mark), self._x(mark), self.foot - 9)
        self.label("Months since randomisation", (self.left + self.wide) / 2, self.foot - 19)
        self.label("Number at risk", 0, self.foot - 31, "start")
        for i, arm in enumerate(plan.arms):
            self._curve(i, arm.n, plan.admitted[i], marks)
        self.key(4)

    def _x(self, month: float) -> float:
        return self.left + month / self.draft.plan.months * (self.wide - self.left - 14)

    def _curve(self, side: int, n: int, events: int, marks: list[int]) -> None:
        plan, canvas, colour = self.draft.plan, self.canvas, self.colours()[side]
        rng = Random(f"curve:{plan.work}:{side}")
        times = sorted(plan.months * rng.random() ** 1.15 for _ in range(events))
        path, share, step = canvas.beginPath(), 1.0, 1 / n
        path.moveTo(self._x(0), self.foot + self.high)
        for time in times:
            path.lineTo(self._x(time), self.foot + share * self.high)
            share -= step
            path.lineTo(self._x(time), self.foot + share * self.high)
        path.lineTo(self._x(plan.months), self.foot + share * self.high)
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(1.1)
        canvas.drawPath(path)
        for mark in marks:
            left = n - sum(time <= mark for time in times) - (round(0.04 * n * mark / plan.months))
            self.label(str(left), self._x(mark), self.foot - 40 - side * 8)
