from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from auditor.decisions import Coded
from auditor.documents import did_you_mean, with_near
from auditor.errors import Problem
from auditor.findings import Flag, NotEvaluated
from auditor.policy.condition_columns import Column, Columns
from auditor.policy.condition_grammar import (
    WORDS,
    Condition,
    Leaf,
    ReasonIs,
    When,
    leaves,
    subject,
)
from auditor.policy.condition_ranges import contradictions
from auditor.policy.conditions import deciding, truth_of
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rule import DecisionRule
from auditor.rules.protected import protected_names

if TYPE_CHECKING:
    from auditor.explain import Attributions
    from auditor.ingest import Profile
    from auditor.vocabulary import FloatArray, IntArray


class ConditionOptions(Params):
    """``when`` a person has to look, and what happens where a ``missing`` value leaves it open."""

    when: Annotated[When, Field(json_schema_extra={"format": "condition"})]
    missing: Literal["review", "skip"] = "review"


class ConditionHolds(DecisionRule):
    """A condition on score, outcome, model version, features or reasons holds for the decision.

    What it checks
    --------------
    Every decision against ``when``. Numbers are compared as float64, with bounds that are the
    decimals of the policy; scores stored in single precision with bounds rounded to single
    precision. ``between`` includes both ends. A comparison of a missing value is neither true nor
    false, and so is the condition unless the rest settles it. Protected attributes are refused
    before the export is opened.

    Why it matters
    --------------
    It is the sentence in which an organisation says where a person must decide, such as "a
    rejection after a long gap in employment". Written once, tested and signed, it holds for every
    decision alike.

    When it misleads
    ----------------
    A feature can stand in for a protected attribute: a condition on a postcode or on months out of
    work may pick out one group, and picking is itself a difference in treatment. Where a column is
    often blank, most decisions may be flagged as open; ``missing: skip`` hides them instead. A
    share of reasons is the model's own account of itself and depends on the background it was
    explained with. A condition that names a column which the export lacks flags only what the other
    parts settle alone, and says so.

    Example
    -------
    ``all: [{outcome: {equals: unfavorable}}, {score: {between: [0.45, 0.55]}}]``: a rejection with
    score 0.45 or 0.55 is flagged, one with 0.551 is not, one without a score is flagged as open.

    Options
    -------
    ``when``: a condition is one key with its value. ``all`` and ``any`` hold a list of conditions,
    ``not`` holds one. ``score`` and the names of declared features take ``at_least``, ``above``,
    ``at_most``, ``below``, ``equals``, ``between``, ``in`` or ``not_in``, or the word ``missing``;
    ``outcome`` takes ``equals`` with favorable or unfavorable; ``model_version`` takes ``equals``,
    ``in``, ``not_in`` with texts, or ``missing``. ``share_of_reason`` takes a ``feature`` and
    ``at_least``: the absolute attribution of that feature over those of all features, to within
    1e-9. At most 20 levels and 200 comparisons.
    ``missing`` (review): with ``skip`` a decision that a missing value leaves open is not flagged.

    References
    ----------
    S. C. Kleene, Introduction to Metamathematics (1952), section 64: the three-valued "and", "or"
    and "not".
    """

    kind: ClassVar[str] = "condition"
    Options: ClassVar[type[Params]] = ConditionOptions

    def objections(self) -> Iterator[Problem]:
        """Refuse a condition of which a part can never be true."""
        for path, name in contradictions(self.options.when, ("options", "when")):
            yield Problem(
                message=f"no number meets all that is asked of {name!r} here",
                slug="contradicting-options",
                where=self.entry.places.get(path),
                hint="correct a limit, or join the parts by any",
            )

    def misfits(self, profile: Profile) -> Iterator[Problem]:
        """Refuse protected attributes, and words that mean two columns of this profile."""
        protected = protected_names(profile)
        roles = {
            "score": profile.score and profile.score.column,
            "outcome": profile.outcome and profile.outcome.column,
            "model_version": profile.model_version,
        }
        doubled = {word for word, column in roles.items() if column != word} & set(profile.features)
        says = f"the condition of rule {self.entry.id!r} looks at"
        for path, leaf in leaves(self.options.when, ("options", "when")):
            name, _ = subject(leaf)
            at = path if isinstance(leaf, ReasonIs) else ("key", *path)
            if name in protected:
                yield Problem(
                    message=f"{says} {name!r}, a protected attribute of the profile",
                    slug="protected-attribute",
                    where=self.entry.places.get(at),
                    hint="rules for single decisions read no group; a condition may name "
                    f"{', '.join(WORDS)} and declared features",
                )
            elif name in doubled and not isinstance(leaf, ReasonIs):
                yield Problem(
                    message=f"{says} {name!r}, which is also the name of a feature of the profile",
                    slug="ambiguous-word",
                    where=self.entry.places.get(at),
                    hint="give the feature another name in the export",
                )

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag where the condition holds, and where a missing value leaves it open."""
        when, decisions = self.options.when, evidence.decisions
        shares = _shares(evidence.attributions, when, len(decisions.rows))
        columns = Columns.of(when, decisions, shares)
        absent = list(self._absent(columns, evidence))
        yield from absent
        truth = truth_of(when, columns)
        lines = self.considered(evidence)
        open_lines = lines[truth.unknown[lines]]
        flagged = lines[truth.true[lines]]
        if not absent and len(open_lines):
            yield from self.left_open(evidence, len(open_lines), len(lines))
            if self.options.missing == "review":
                flagged = np.union1d(flagged, open_lines)
        yield from self._explained(flagged, columns)

    def _absent(self, columns: Columns, evidence: Evidence) -> Iterator[NotEvaluated]:
        """Say what the condition looks at and this audit does not have."""
        lacking = [leaf for _, leaf in leaves(self.options.when) if columns.column(leaf) is None]
        rest = "only decisions that other parts of the condition settle are flagged"
        named = {subject(leaf)[0] for leaf in lacking if not isinstance(leaf, ReasonIs)}
        for name in sorted(named):
            near = did_you_mean(name, {*WORDS, *evidence.decisions.features})
            why = f"the profile declares no {name} ({near})"
            yield self.in_part(evidence, "column-not-read", f"{why}; {rest}")
        reasons = sorted({subject(leaf)[0] for leaf in lacking if isinstance(leaf, ReasonIs)})
        if reasons and evidence.attributions is None:
            why = "without a model there are no reasons"
            yield self.in_part(evidence, "no-explanations", f"{why}; {rest}")
        elif reasons and evidence.attributions is not None:
            why = f"the model has no feature {with_near(reasons, evidence.attributions.names)}"
            yield self.in_part(evidence, "no-such-reason", f"{why}; {rest}")

    def _explained(self, flagged: IntArray, columns: Columns) -> Iterator[Flag]:
        """Flag lines with the values that made the condition true, or left it open."""
        kept = columns.of_lines(flagged, len(flagged))
        marks = [
            (leaf, column, where)
            for leaf, where in deciding(self.options.when, kept)
            if (column := kept.column(leaf)) is not None
        ]

        def text(line: int) -> str:
            at = int(np.searchsorted(flagged, line))
            told = (_told(leaf, column, at) for leaf, column, where in marks if where[at])
            return ", ".join(dict.fromkeys(told))

        yield from self.flag_all(flagged, text)


def _shares(
    attributions: Attributions | None, condition: Condition, n: int
) -> dict[str, FloatArray]:
    """Part of each feature asked for in all reasons, a line each; NaN where nothing had a part."""
    asked = {subject(leaf)[0] for _, leaf in leaves(condition) if isinstance(leaf, ReasonIs)}
    if attributions is None or not asked:
        return {}
    total = np.abs(attributions.values).sum(axis=1)
    moved = total > 0
    shares = {}
    for j, name in enumerate(attributions.names):
        if name in asked:
            shares[name] = np.full(n, np.nan)
            part = np.abs(attributions.values[moved, j]) / total[moved]
            shares[name][attributions.lines[moved]] = part
    return shares


def _told(leaf: Leaf, column: Column, at: int) -> str:
    """Name and value of what a comparison looks at."""
    name, _ = subject(leaf)
    if isinstance(column, Coded):
        code = column.codes[at]
        return f"{name} {'missing' if code < 0 else column.levels[code]}"
    value = column.values[at]
    if isinstance(leaf, ReasonIs):
        said = "not known" if np.isnan(value) else f"{value:.6g}"
        return f"share of {name} in the reasons {said}"
    shown = str(np.float32(value) if column.single else value).removesuffix(".0")
    return f"{name} {'missing' if np.isnan(value) else shown}"
