from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from auditor.documents import FractionText
from auditor.errors import Problem
from auditor.findings import Finding, NotEvaluated
from auditor.inference.false_alarm import DRAWS, false_alarm_chance
from auditor.metrics import METRICS
from auditor.metrics.compare import below
from auditor.rules.base import Params
from auditor.rules.case import Case
from auditor.rules.contrast import percent, plain, rounded
from auditor.rules.group_rule import GroupRule, MetricOptions
from auditor.rules.impact_json import number
from auditor.rules.thin import pairs_of, too_thin
from auditor.rules.waived_values import lower_is_worse, lowest
from auditor.vocabulary import FindingVerdict, Severity

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part

_NEXT = (
    "Read it beside the rule that weighs chance; a longer period or more requisitions make it "
    "surer."
)


class DescriptiveOptions(MetricOptions):
    """``threshold`` (null: none) and the share under which a group is left out."""

    threshold: Annotated[FractionText, Field(gt=0, le=1)] | None = Fraction(4, 5)
    exclude_below: Annotated[FractionText, Field(ge=0, lt=1)] = Fraction(0)


class Descriptive(GroupRule):
    """The bare ratio of every group's rate to the highest one, as some texts ask for it.

    What it checks
    --------------
    Each group's rate over the highest rate among the groups not left out, however small these are.
    A ratio below ``threshold``, in exact integers, is named. Beside it stands the chance that some
    group would be named if all were equal: simulated with 20,000 seeded draws at the sizes and the
    common rate seen. The finding judges nothing unless the entry says ``severity: block``: then a
    ratio below the threshold fails. Such a rule needs a threshold, and passes where two groups
    or more have 30 people, of whom 5 or more are selected at the rate of all and 5 or more are not,
    with nine in ten people in such groups and not left out.

    Why it matters
    --------------
    Some texts ask for exactly this ratio, and readers know it. Printed without its chance of being
    noise it misleads; printed with it, it is a place to look.

    When it misleads
    ----------------
    Nearly always with small groups: among 14 groups of 26,000 equal applicants at a rate of 30 %,
    some ratio is below 4/5 in three of four audits. The highest rate of many groups is high by luck
    as well. Without ``threshold`` nothing is named, and a low ratio is one number among others.

    Example
    -------
    40 of 100 women and 60 of 100 men selected: 0.67, below 4/5; equal groups of this size show such
    a ratio in about 11 of 100 audits. A warning, or with ``severity: block`` a fail.

    Options
    -------
    ``metric`` (selection-rate), ``threshold`` (4/5; null names nothing), ``exclude_below`` (0; the
    share of people under which a group is listed without a ratio).

    References
    ----------
    29 CFR 1607.4(D). 6 RCNY 5-300 (impact ratio), 5-301(d) (categories under 2 %).
    """

    kind: ClassVar[str] = "descriptive"
    can_be_waived: ClassVar[bool] = True
    needs_justification: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = DescriptiveOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Every group that is named."""
        groups = finding.evidence["groups"]
        return lowest((group["group"], group["ratio"]) for group in groups if group["below"])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count a lower ratio as worse."""
        return lower_is_worse(value, waiver)

    def objections(self) -> Iterator[Problem]:
        """Object to a rule that blocks and could never fail."""
        if self.entry.severity == Severity.BLOCK and self.options.threshold is None:
            yield Problem(
                message=f"rule {self.entry.id!r} blocks and needs 'threshold': without one nothing "
                "could fail",
                slug="missing-key",
                where=self.entry.places.get(("options", "threshold"))
                or self.entry.places.get(("kind",)),
                hint="such as threshold: 4/5; or severity: info to list the ratios alone",
            )

    def judge(self, case: Case) -> Iterator[Finding | NotEvaluated]:
        """One finding an attribute."""
        rows = _rows(case, self.options.exclude_below)
        kept = [row for row in rows if not row.excluded]
        highest = min(kept, key=lambda row: (-row.rate, -row.n, row.group), default=None)
        if highest is None or len(kept) < 2 or not highest.x:
            yield self._nothing(case, rows, kept)
        else:
            yield self._ratios(case, rows, kept, highest)

    def _ratios(
        self, case: Case, rows: Sequence[_Row], kept: Sequence[_Row], highest: _Row
    ) -> Finding:
        threshold: Fraction | None = self.options.threshold
        others = sorted((r for r in kept if r is not highest), key=lambda r: (r.rate, r.group))
        low = [r for r in others if threshold is not None and r.is_below(highest, threshold)]
        chance = self._chance(case, kept)
        verdict, severity = self._verdict(low)
        counted = METRICS[case.metric].favorable
        top = (
            f"the rate of {highest.group} ({highest.x:,} of {highest.n:,} {counted}, "
            f"{highest.percent}), the highest"
        )
        doubt = self._doubt(case, rows) if verdict == FindingVerdict.PASS else None
        if doubt is not None:
            verdict = FindingVerdict.NO_VERDICT
        parts = [self._named(top, highest, others, low), *self._left_out(rows)]
        parts[:0] = [doubt[0]] if doubt else []
        if threshold is not None:
            parts.append(
                f"Equal groups of these sizes would show a ratio below {threshold} in "
                f"{_of_100(chance)} audits."
            )
        return self.finding(
            case.attribute,
            verdict,
            " ".join(parts),
            evidence={
                **self._options(case),
                "reference": highest.group,
                "groups": [row.numbers(highest, threshold) for row in rows],
                "false_alarm_chance": number(chance),
                "draws": None if threshold is None else DRAWS,
                **(doubt[1] if doubt else {}),
            },
            next_step=_NEXT if low or doubt else "",
            group=low[0].group if low else None,
            reference=highest.group,
            severity=severity,
            must_pass=self._must_pass(case),
        )

    def _doubt(self, case: Case, rows: Sequence[_Row]) -> tuple[str, dict[str, Any]] | None:
        """Why no pass can rest on these ratios; None where one can."""
        gone = [row.group for row in rows if row.excluded]
        return too_thin(pairs_of(case.table), case.metric, gone=gone)

    def _chance(self, case: Case, kept: Sequence[_Row]) -> float:
        """Chance that some group would be named if all were equal; NaN without a threshold."""
        if self.options.threshold is None:
            return math.nan
        # each table has draws of its own, and the same ones in every run with this seed
        names = [case.evidence.seed, self.policy.id, self.entry.id, case.metric, case.attribute]
        digest = hashlib.sha256(json.dumps(names).encode()).digest()
        return false_alarm_chance(
            [row.n for row in kept],
            sum(row.x for row in kept),
            self.options.threshold,
            seed=int.from_bytes(digest, "big"),
        )

    def _verdict(self, low: Sequence[_Row]) -> tuple[FindingVerdict, Severity]:
        severity = self.entry.severity
        if severity == Severity.BLOCK:
            return FindingVerdict.FAIL if low else FindingVerdict.PASS, severity
        if severity == Severity.WARN and low:
            return FindingVerdict.FAIL, severity
        return FindingVerdict.DESCRIPTIVE, Severity.INFO

    def _must_pass(self, case: Case) -> bool:
        return self.entry.severity == Severity.BLOCK and self.must_pass(case.attribute)

    def _named(self, top: str, highest: _Row, others: Sequence[_Row], low: Sequence[_Row]) -> str:
        threshold: Fraction | None = self.options.threshold
        named = [row.against(highest, threshold) for row in (low or others)]
        if threshold is None:
            return f"Ratio to {top}: {', '.join(named)}."
        if low:
            return f"Below {threshold} of {top}: {', '.join(named)}."
        return f"No group is below {threshold} of {top}; the lowest ratio is that of {named[0]}."

    def _left_out(self, rows: Sequence[_Row]) -> Iterator[str]:
        excluded = [
            f"{row.group} ({row.x:,} of {row.n:,}, {row.percent})" for row in rows if row.excluded
        ]
        if excluded:
            share = plain(100 * self.options.exclude_below)
            yield f"Left out, under {share}% of people: {', '.join(excluded)}."

    def _nothing(self, case: Case, rows: Sequence[_Row], kept: Sequence[_Row]) -> Finding:
        counted = METRICS[case.metric].favorable
        says = f"Nobody was {counted}, so there is no ratio."
        if not rows:
            says = f"Nobody whose {case.attribute} is known was considered, so there is no ratio."
        elif len(kept) < 2:
            says = f"Fewer than two groups of {case.attribute} to compare, so there is no ratio."
        blocks = self.entry.severity == Severity.BLOCK
        return self.finding(
            case.attribute,
            FindingVerdict.NO_VERDICT if blocks else FindingVerdict.DESCRIPTIVE,
            says,
            evidence={
                **self._options(case),
                "reference": None,
                "groups": [row.numbers(None, None) for row in rows],
                "false_alarm_chance": None,
                "draws": None,
            },
            severity=self.entry.severity if blocks else Severity.INFO,
            must_pass=self._must_pass(case),
        )

    def _options(self, case: Case) -> dict[str, Any]:
        threshold = self.options.threshold
        return {
            "metric": case.metric,
            "threshold": None if threshold is None else str(threshold),
            "exclude_below": str(self.options.exclude_below),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One group in which somebody was considered."""

    group: str
    x: int
    n: int
    excluded: bool

    @property
    def rate(self) -> Fraction:
        return Fraction(self.x, self.n)

    @property
    def percent(self) -> str:
        return percent(self.x, self.n)

    def is_below(self, highest: _Row, threshold: Fraction) -> bool:
        return below(self.x, self.n, highest.x, highest.n, threshold)

    def against(self, highest: _Row, threshold: Fraction | None) -> str:
        limits = (Fraction(1),) if threshold is None else (Fraction(1), threshold)
        ratio = rounded(self.rate / highest.rate, 2, *limits)
        return f"{self.group} {ratio} ({self.x:,} of {self.n:,}, {self.percent})"

    def numbers(self, highest: _Row | None, threshold: Fraction | None) -> dict[str, Any]:
        compared = highest is not None and not self.excluded
        ratio = self.rate / highest.rate if highest is not None and compared else None
        return {
            "group": self.group,
            "considered": self.n,
            "favorable": self.x,
            "left_out": self.excluded,
            "ratio": None if ratio is None else float(ratio),
            "below": None if ratio is None or threshold is None else ratio < threshold,
        }


def _rows(case: Case, exclude_below: Fraction) -> list[_Row]:
    table = case.table
    people = int(table.considered.sum())
    return [
        _Row(group=group, x=int(x), n=int(n), excluded=int(n) < exclude_below * people)
        for group, x, n in zip(table.groups, table.favorable, table.considered, strict=True)
        if n > 0
    ]


def _of_100(chance: float) -> str:
    """Write a simulated chance as so many of 100.

    Examples
    --------
    >>> _of_100(0.7501), _of_100(0.0), _of_100(0.9999)
    ('about 75 of 100', 'fewer than 1 of 100', 'more than 99 of 100')
    """
    whole = round(100 * chance)
    if whole in (0, 100):
        return "more than 99 of 100" if whole else "fewer than 1 of 100"
    return f"about {whole} of 100"
