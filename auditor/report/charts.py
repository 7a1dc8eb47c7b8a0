"""Geometry of the inline charts; the templates draw it, so that every text is escaped there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.report import numbers
from auditor.report.tables import RateRow, RateTable
from auditor.report.words import attribute_label, group_label, metric_title
from auditor.result.document import GapDoc

WIDTH = 380.0
LEFT, RIGHT = 8.0, 372.0
_ROW, _TOP, _FOOT = 40.0, 10.0, 28.0
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_MOST_TICKS = 5
_LABEL_WIDTH = 30
_FEATURES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One value on the axis."""

    x: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateMark:
    """One group: its texts, the interval from ``low`` to ``high`` and the mark at ``x``."""

    y_text: str
    y: str
    label: str
    full: str
    value: str
    kind: str
    x: str | None
    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChart:
    """Rates with intervals, one line of text and one of marks per group."""

    id: str
    title: str
    description: str
    width: str
    height: str
    bottom: str
    foot: str
    marks: tuple[RateMark, ...]
    ticks: tuple[Tick, ...]
    line: Tick | None


def rate_chart(table: RateTable, number: int, *, with_line: bool) -> RateChart:
    """Chart of one table.

    Parameters
    ----------
    table : RateTable
    number : int
        Makes the ids of its title and description unique on the page.
    with_line : bool
        Whether to draw the line at four fifths of the reference group's rate; only where a rule
        judges by it.
    """
    top = _axis_end(table.rows)
    marks = tuple(_mark(row, i, top) for i, row in enumerate(table.rows))
    bottom = _TOP + _ROW * len(table.rows) + 2
    line = _line(table.rows, top) if with_line else None
    title = f"{metric_title(table.metric)} by {attribute_label(table.attribute)}"
    return RateChart(
        id=f"chart-{number}",
        title=title,
        description=_description(table.rows),
        width=_at(WIDTH),
        height=_at(bottom + _FOOT),
        bottom=_at(bottom),
        foot=_at(bottom + 17),
        marks=marks,
        ticks=tuple(Tick(x=_at(_x(v, top)), text=f"{v * 100:g}%") for v in _ticks(top)),
        line=line,
    )


def _mark(row: RateRow, i: int, top: float) -> RateMark:
    rate, comparison = row.rate, row.comparison
    value, low, high = rate["value"], rate["low"], rate["high"]
    text = numbers.percent(value, rate["undefined"])
    if comparison is not None and comparison["ratio"] is not None:
        shown = numbers.ratio(comparison["ratio"], below=comparison["below_four_fifths"])
        text = f"{text} · ratio {shown}"
    elif row.is_reference:
        text = f"{text} · reference"
    kind = "group"
    for name, holds in (("unknown", row.is_unknown), ("reference", row.is_reference),
                        ("below", row.below)):  # fmt: skip
        if holds:
            kind = name
            break
    label = group_label(row.group)
    return RateMark(
        y_text=_at(_TOP + _ROW * i + 12),
        y=_at(_TOP + _ROW * i + 24),
        label=_cut(label),
        full=f"{label}: {numbers.count(rate['favorable'])} of {numbers.count(rate['n'])}, {text}",
        value=text,
        kind=kind,
        x=None if value is None else _at(_x(value, top)),
        low=None if low is None or value is None else _at(_x(low, top)),
        high=None if high is None or value is None else _at(_x(high, top)),
    )


def _line(rows: Sequence[RateRow], top: float) -> Tick | None:
    for row in rows:
        if row.is_reference and row.rate["value"]:
            place = row.rate["value"] * float(numbers.FOUR_FIFTHS)
            return Tick(x=_at(_x(place, top)), text=f"4/5 of {_cut(group_label(row.group))}")
    return None


def _description(rows: Sequence[RateRow]) -> str:
    parts = [
        f"{group_label(row.group)} {numbers.percent(row.rate['value'], row.rate['undefined'])}"
        for row in rows
    ]
    return f"{'; '.join(parts)}. The same numbers are in the table below the chart."


def _axis_end(rows: Sequence[RateRow]) -> float:
    largest = max((row.rate["high"] or row.rate["value"] or 0.0 for row in rows), default=0.0)
    for step in _STEPS:
        for ticks in range(2, _MOST_TICKS + 1):
            if largest <= step * ticks:
                return min(1.0, step * ticks)
    return 1.0


def _ticks(top: float) -> list[float]:
    step = next(s for s in _STEPS if top / s <= _MOST_TICKS + 1e-9)
    whole = round(top / step)
    return [step * i for i in range(whole + 1)]


def _x(value: float, top: float) -> float:
    return LEFT + (RIGHT - LEFT) * min(value / top, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapBar:
    """One feature's share of a gap, drawn from the middle line to ``x`` plus ``width``."""

    y_text: str
    y: str
    label: str
    full: str
    value: str
    x: str
    width: str
    negative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GapChart:
    """The largest shares of one gap as bars left and right of zero."""

    id: str
    title: str
    description: str
    width: str
    height: str
    bars: tuple[GapBar, ...]
    middle: str
    left_out: int


def gap_chart(gap: GapDoc, number: int) -> GapChart:
    """Chart of one gap: the ten features with the largest share, either way."""
    features = sorted(gap["features"], key=lambda f: (-abs(f["share"]), f["feature"]))
    shown = features[:_FEATURES]
    largest = max((abs(f["share"]) for f in shown), default=0.0) or 1.0
    middle = (LEFT + RIGHT) / 2
    bars = []
    for i, feature in enumerate(shown):
        width = (RIGHT - LEFT) / 2 * abs(feature["share"]) / largest
        value = numbers.figures(feature["share"])
        bars.append(
            GapBar(
                y_text=_at(_TOP + 34 * i + 10),
                y=_at(_TOP + 34 * i + 15),
                label=_cut(feature["feature"]),
                full=f"{feature['feature']}: {value}",
                value=value,
                x=_at(middle - width if feature["share"] < 0 else middle),
                width=_at(width),
                negative=feature["share"] < 0,
            )
        )
    texts = "; ".join(bar.full for bar in bars)
    group, reference = group_label(gap["group"]), group_label(gap["reference"])
    return GapChart(
        id=f"gap-{number}",
        title=f"What the model's gap between {group} and {reference} is made of",
        description=f"{texts}. The same numbers are in the table below the chart.",
        width=_at(WIDTH),
        height=_at(_TOP + 34 * len(bars) + 4),
        bars=tuple(bars),
        middle=_at(middle),
        left_out=len(features) - len(shown),
    )


def _cut(text: str) -> str:
    """As much of a name as fits on its line; the full one is in the title and the table."""
    width, kept = 0, ""
    for character in text:
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > _LABEL_WIDTH:
            return f"{kept.rstrip()}\N{HORIZONTAL ELLIPSIS}"
        kept += character
    return kept


def _at(place: float) -> str:
    return f"{place:.1f}".removesuffix(".0")
