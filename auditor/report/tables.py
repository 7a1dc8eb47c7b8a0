"""The flat lists of a result, put together again as tables of rates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from auditor.report.numbers import FOUR_FIFTHS
from auditor.result import AuditDocument
from auditor.result.document import ComparisonDoc, FindingDoc, MeasurementDoc
from auditor.vocabulary import UNKNOWN, is_intersection


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """One group: its rate and, unless it is the reference or unknown, its comparison."""

    rate: MeasurementDoc
    comparison: ComparisonDoc | None
    is_reference: bool

    @property
    def group(self) -> str:
        """Name of the group as the result has it."""
        return self.rate["group"]

    @property
    def is_unknown(self) -> bool:
        """Whether this is the line of the people whose group is not known."""
        return self.rate["group"] == UNKNOWN

    @property
    def below(self) -> bool:
        """Whether the exact integers are below four fifths of the reference."""
        return self.comparison is not None and bool(self.comparison["below_four_fifths"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """All groups of one attribute under one metric, highest rate first, the unknown last."""

    metric: str
    attribute: str
    stratum: str | None
    rows: tuple[RateRow, ...]

    @property
    def reference(self) -> str | None:
        """Group the others are compared with."""
        return next((row.group for row in self.rows if row.is_reference), None)

    @property
    def people(self) -> int:
        """Everybody in the table, unknown group included."""
        return sum(row.rate["n"] for row in self.rows)

    @property
    def unknown(self) -> int:
        """People whose group is not known."""
        return sum(row.rate["n"] for row in self.rows if row.is_unknown)


def rate_tables(document: AuditDocument) -> tuple[RateTable, ...]:
    """Tables in the order in which the result first names them, single attributes first."""
    grouped: dict[tuple[str, str, str | None], list[MeasurementDoc]] = {}
    for entry in document["measurements"]:
        key = (entry["metric"], entry["attribute"], entry["stratum"])
        grouped.setdefault(key, []).append(entry)
    compared: dict[tuple[str, str, str | None], dict[str, ComparisonDoc]] = {}
    for row in document["comparisons"]:
        key = (row["metric"], row["attribute"], row["stratum"])
        compared.setdefault(key, {})[row["group"]] = row
    tables = [_table(key, rates, compared.get(key, {})) for key, rates in grouped.items()]
    return tuple(
        sorted(tables, key=lambda t: (t.stratum is not None, is_intersection(t.attribute)))
    )


def _table(
    key: tuple[str, str, str | None],
    rates: Iterable[MeasurementDoc],
    compared: dict[str, ComparisonDoc],
) -> RateTable:
    references = {row["reference"] for row in compared.values()}
    rows = [
        RateRow(
            rate=rate,
            comparison=compared.get(rate["group"]),
            is_reference=rate["group"] in references and rate["group"] not in compared,
        )
        for rate in rates
    ]
    metric, attribute, stratum = key
    return RateTable(
        metric=metric, attribute=attribute, stratum=stratum, rows=tuple(sorted(rows, key=_order))
    )


def _order(row: RateRow) -> tuple[bool, bool, float, str]:
    value = row.rate["value"]
    return (row.is_unknown, value is None, -(value or 0.0), row.group)


def lines_of(findings: Iterable[FindingDoc]) -> tuple[Fraction, ...]:
    """Thresholds that rules judged ratios by, four fifths always among them."""
    lines = {FOUR_FIFTHS}
    for finding in findings:
        text = str(finding["evidence"].get("threshold"))
        if _THRESHOLD.fullmatch(text):
            lines.add(Fraction(text))
    return tuple(sorted(line for line in lines if 0 < line <= 1))


_THRESHOLD = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18}|/[1-9][0-9]{0,17})?")
_WEIGHT = {"block": 0, "warn": 2, "info": 3}
_ADVICE = 1
_STATE = {"fail": 0, "no_verdict": 1, "pass": 2, "descriptive": 3}


def in_force(document: AuditDocument) -> frozenset[str]:
    """Ids of the policies that move the verdict."""
    return frozenset(p["id"] for p in document["policies"] if p["in_force"])


def by_weight(document: AuditDocument) -> tuple[FindingDoc, ...]:
    """Sort findings for reading: what moves the verdict first, and in it what failed."""
    moving = in_force(document)

    def order(finding: FindingDoc) -> tuple[int, int]:
        weight = _WEIGHT[finding["severity"]]
        if finding["policy"] not in moving:
            weight = max(weight, _ADVICE)
        return (weight, _STATE[finding["verdict"]])

    return tuple(sorted(document["findings"], key=order))


def next_steps(document: AuditDocument) -> tuple[str, ...]:
    """List what people can do, most pressing first, each sentence once."""
    return tuple(dict.fromkeys(f["next"] for f in by_weight(document) if f["next"]))
