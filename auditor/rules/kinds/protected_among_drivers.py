from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from auditor.documents import Listed, Text, no_repeats, with_near
from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.driver_rule import DriverOptions, DriverRule
from auditor.rules.protected import SELECTED, without_reason


class ProtectedAmongDriversOptions(DriverOptions):
    """``reads_protected``, said in so many words, and further ``features`` that tell a group."""

    reads_protected: Literal[True]
    features: Annotated[Listed[Text], AfterValidator(no_repeats)] = ()


class ProtectedAmongDrivers(DriverRule):
    """A protected attribute is one of the main reasons for the decision.

    What it checks
    --------------
    The reasons (attributions) of every decision that push its score towards the outcome it had, as
    ``proxy-among-drivers`` does, here with the features that are a protected attribute of the
    profile or that follow from one, and with ``features``. Whether one of them is among the
    ``strongest``. Reviewers read only "selected for review": neither the entry's own sentence nor
    the feature is shown to them, and reasons never name it.

    Why it matters
    --------------
    A model that reads a protected attribute, or a column that tells it, can let it decide. These
    are the decisions in which it did the most.

    When it misleads
    ----------------
    It picks decisions by a protected attribute, which can itself be a difference in treatment: in
    some places it may be done only for a purpose that a text names, so no shipped pack does it. The
    id of the rule stands in ``flags.csv``: choose one that says nothing. A model that reads no such
    feature flags nothing and can still act on groups through others.

    Example
    -------
    A model that reads ``is_woman``: a rejection with reasons assessment -1.2, is_woman -0.4 is
    flagged, a selection with the same reasons is not.

    Options
    -------
    ``reads_protected``: has to be ``true``, so that nobody asks for it unawares. ``features``
    (none): further features of the model that tell a group. ``strongest`` (3).

    References
    ----------
    Regulation (EU) 2024/1689, article 10(5): when special categories of data may be processed to
    detect and correct bias.
    """

    kind: ClassVar[str] = "protected-among-drivers"
    reads_protected: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = ProtectedAmongDriversOptions

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag decisions with a protected feature among their drivers, without saying so."""
        protected = evidence.protected
        made = protected.attributions if protected else None
        unexplained = list(self.unexplained(evidence, made))
        yield from unexplained
        if unexplained or made is None or protected is None:
            return
        watched = {*self.options.features, *protected.features} & set(made.names)
        absent = [name for name in self.options.features if name not in made.names]
        if absent:
            why = f"the model has no feature {with_near(absent, made.names)}"
            yield self.in_part(evidence, "no-such-reason", why)
        if not watched:
            why = "the model reads no protected attribute, so none can be a reason"
            said = self.not_evaluated(evidence, "no-protected-feature", why)
            yield said if absent else replace(said, required=False, severity=self.entry.severity)
            return
        lines, _ = self.driven(evidence, made, watched)
        yield from without_reason(self.flag_all(lines, lambda _: SELECTED))
