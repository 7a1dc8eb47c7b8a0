from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias

import numpy as np
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from auditor.documents import FractionText, Listed, Text, with_near
from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rule import DecisionRule
from auditor.rules.protected import protected_problems

if TYPE_CHECKING:
    from auditor.errors import Problem
    from auditor.explain import Attributions
    from auditor.ingest import Profile
    from auditor.vocabulary import FloatArray

_Ends: TypeAlias = tuple[float, float]


def _ascending(ends: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    if len(ends) != 2 or ends[0] > ends[1]:
        raise PydanticCustomError(
            "bad-range",
            "must be the lowest and the highest value that is in order",
            {"hint": "such as [0, 45]"},
        )
    return ends


Range: TypeAlias = Annotated[
    Listed[FractionText],
    Field(json_schema_extra={"minItems": 2, "maxItems": 2}),
    AfterValidator(_ascending),
]


class OutOfRangeOptions(Params):
    """``ranges`` by feature, and what happens where a value is ``missing``."""

    ranges: Annotated[dict[Text, Range], Field(min_length=1)] | None = None
    missing: Literal["review", "skip"] = "review"


class OutOfRange(DecisionRule):
    """A value lies outside the range in which the model can be expected to know anything.

    What it checks
    --------------
    Every feature that ``ranges`` names against its two ends, both inside; values and ends are
    compared as float64. Without ``ranges``, every feature of the model against the smallest and the
    largest value of the rows that the model was explained with as a background of its own; where
    the background is the export itself, or the counts inside the trees, no such range exists and
    the rule is not evaluated. Protected attributes are refused before the export is opened.

    Why it matters
    --------------
    Outside of what it has seen, a model extends a line or repeats its last leaf, as sure as ever. A
    value out of range is also the commonest trace of a wrong unit or a shifted column.

    When it misleads
    ----------------
    Ranges look at one feature at a time: 18 years old and 20 years of experience are each in order.
    A background with one odd row has a wide range. Somebody who is remarkable and not wrong is
    flagged as well, and a range on a feature that depends on age or origin picks out a group.

    Example
    -------
    ``ranges: {years_experience: [0, 45]}``: 0 and 45 are in order, 45.1 and -1 are flagged, and so
    is an application without the value.

    Options
    -------
    ``ranges`` (the background of the model): features, each with its lowest and highest value.
    ``missing`` (review): with ``skip`` a decision without the value is not flagged for that.

    References
    ----------
    National Institute of Standards and Technology, AI Risk Management Framework 1.0 (2023),
    MEASURE 2.5: the limits of a system beyond tested conditions are documented.
    """

    kind: ClassVar[str] = "out-of-range"
    Options: ClassVar[type[Params]] = OutOfRangeOptions

    def misfits(self, profile: Profile) -> Iterator[Problem]:
        """Refuse ranges of protected attributes."""
        names = self.options.ranges or {}
        at = ("key", "options", "ranges")
        yield from protected_problems(self.entry, profile, [((*at, n), n) for n in names])

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag values outside their range, and missing ones unless they are skipped."""
        if self.options.ranges is None:
            made = evidence.attributions
            if made is None:
                why = "the policy names no ranges, and without a model there is no background"
                yield self.not_evaluated(evidence, "no-model", why)
                return
            if made.background_range is None:
                why = (
                    f"the policy names no ranges, and the background of the model "
                    f"({made.background}) gives none"
                )
                yield self.not_evaluated(evidence, "no-background-range", why)
                return
            yield from self._outside(evidence, *_of_background(made, evidence))
            return
        features = evidence.decisions.features
        declared = {n: (float(low), float(high)) for n, (low, high) in self.options.ranges.items()}
        absent = sorted(set(declared) - set(features))
        if absent:
            why = f"the profile declares no feature named {with_near(absent, features)}"
            yield self.in_part(evidence, "column-not-read", why)
        ends = {name: pair for name, pair in declared.items() if name in features}
        yield from self._outside(evidence, features, ends)

    def _outside(
        self, evidence: Evidence, columns: Mapping[str, FloatArray], ends: Mapping[str, _Ends]
    ) -> Iterator[Flag | NotEvaluated]:
        lines = self.considered(evidence)
        odd = np.zeros(len(lines), dtype=np.bool_)
        gaps = np.zeros(len(lines), dtype=np.bool_)
        for name, (low, high) in ends.items():
            values = columns[name][lines]
            odd |= (values < low) | (values > high)
            gaps |= np.isnan(values)
        yield from self.left_open(evidence, int((gaps & ~odd).sum()), len(lines))
        skips = self.options.missing == "skip"

        def text(line: int) -> str:
            told = []
            for name, (low, high) in ends.items():
                value = float(columns[name][line])
                if np.isnan(value) and not skips:
                    told.append(f"{name} missing")
                elif value < low or value > high:
                    told.append(
                        f"{name} {_number(value)}, outside {_number(low)} to {_number(high)}"
                    )
            return "; ".join(told)

        yield from self.flag_all(lines[odd if skips else odd | gaps], text)


def _of_background(
    made: Attributions, evidence: Evidence
) -> tuple[dict[str, FloatArray], dict[str, _Ends]]:
    """Columns as the model was given them, one entry a line, and their ranges."""
    columns, ends = {}, {}
    lowest, highest = made.background_range or ((), ())
    for name, low, high, inputs in zip(made.names, lowest, highest, made.inputs.T, strict=True):
        if name and not np.isnan(low):
            columns[name] = np.full(len(evidence.decisions.rows), np.nan)
            columns[name][made.lines] = inputs
            ends[name] = (float(low), float(high))
    return columns, ends


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")
