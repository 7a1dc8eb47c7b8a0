from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field

from auditor.documents import FractionText, Listed, Text, no_repeats, with_near
from auditor.findings import Flag, NotEvaluated
from auditor.inference.neighbours import nearest_lines
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rule import DecisionRule
from auditor.rules.protected import protected_problems

if TYPE_CHECKING:
    from auditor.errors import Problem
    from auditor.ingest import Profile
    from auditor.vocabulary import BoolArray, CodeArray, FloatArray, IntArray


class NeighboursDifferOptions(Params):
    """``features`` that make decisions alike, how many ``neighbours``, and the ``share``."""

    features: Annotated[Listed[Text], Field(min_length=1), AfterValidator(no_repeats)]
    neighbours: Annotated[int, Field(ge=1, le=1000)] = 10
    share: Annotated[FractionText, Field(gt=0, le=1)] = Fraction(4, 5)
    missing: Literal["review", "skip"] = "review"


class NeighboursDiffer(DecisionRule):
    """Most of the decisions that are most alike had the other outcome.

    What it checks
    --------------
    The ``neighbours`` nearest other decisions by ``features``, each divided by its own standard
    deviation over all decisions without a gap, by Euclidean distance; of equal distances the
    earlier line, exact duplicates included. Whether at least ``share`` of them had the other
    outcome, in exact integers. Groups are never read.

    Why it matters
    --------------
    Like cases decided alike is what people expect of a rule. A decision that stands alone among its
    like was moved by something that is not among these features, or by a mistake.

    When it misleads
    ----------------
    Alike means alike in ``features`` and nothing else: with few of them many decisions seem alike
    that are not, with many of them nothing is near. Every feature weighs the same, a scale with
    outliers weighs less, and a code such as a postcode has no distance. Where one outcome is rare,
    nearly all of the rare ones have neighbours that differ. Consistency is no proof that a rule is
    right: neighbours can be wrong together.

    Example
    -------
    ``features: [assessment, years]``: a rejection whose ten nearest decisions hold eight selections
    is flagged with "8 of the 10 nearest decisions had the other outcome", one with seven is not.

    Options
    -------
    ``features``: declared features; no default. ``neighbours`` (10), ``share`` (0.8). ``missing``
    (review): with ``skip`` a decision without one of the values is not flagged.

    References
    ----------
    C. Dwork et al., Fairness through awareness, Proceedings of ITCS (2012), 214-226: people who are
    alike for the task are to be treated alike.
    """

    kind: ClassVar[str] = "neighbours-differ"
    beyond_examples: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = NeighboursDifferOptions

    def misfits(self, profile: Profile) -> Iterator[Problem]:
        """Refuse to measure likeness by protected attributes."""
        named = ((("options", "features", n), name) for n, name in enumerate(self.options.features))
        yield from protected_problems(self.entry, profile, named)

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag decisions that stand alone among their like, and those with a gap."""
        decisions, k = evidence.decisions, self.options.neighbours
        absent = [name for name in self.options.features if name not in decisions.features]
        if decisions.outcome is None:
            why = "the profile declares no outcome in which neighbours could differ"
            yield self.not_evaluated(evidence, "no-outcome", why)
            return
        if absent:
            near = with_near(absent, decisions.features)
            why = f"rules may look at no feature {near} of the profile"
            yield self.not_evaluated(evidence, "column-not-read", why)
            return
        lines = self.considered(evidence)
        matrix = np.column_stack(
            [decisions.features[name][lines] for name in self.options.features]
        )
        finite = np.isfinite(matrix)
        whole: BoolArray = np.logical_and.reduce(finite, axis=1)
        yield from self.left_open(evidence, int((~whole).sum()), len(lines))
        against = np.full(len(lines), -1, dtype=np.int64)
        if int(whole.sum()) > k:
            against[whole] = _against(decisions.outcome[lines[whole]], matrix[whole], k)
        else:
            n = int(whole.sum())
            why = f"{n:,} decisions without a gap are too few for {k} neighbours of each"
            yield self.in_part(evidence, "too-few-decisions", why)
        share: Fraction = self.options.share
        alone = against * share.denominator >= share.numerator * k
        review = self.options.missing == "review"

        def text(line: int) -> str:
            at = int(np.searchsorted(lines, line))
            if whole[at]:
                return f"{against[at]} of the {k} nearest decisions had the other outcome"
            names = zip(self.options.features, finite[at], strict=True)
            return "missing: " + ", ".join(name for name, there in names if not there)

        yield from self.flag_all(lines[alone | (~whole & review)], text)


def _against(outcome: CodeArray, matrix: FloatArray, k: int) -> IntArray:
    """How many of the neighbours of each decision had the other outcome."""
    found: IntArray = (outcome[nearest_lines(matrix, k)] != outcome[:, None]).sum(axis=1)
    return found
