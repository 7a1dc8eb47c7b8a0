from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from auditor.documents import Listed, Text
from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rule import DecisionRule


class ValueMissingOptions(Params):
    """``columns`` to look at; the score and all declared features when nothing is said."""

    columns: Annotated[Listed[Text], Field(min_length=1)] | None = None


class ValueMissing(DecisionRule):
    """A decision was taken although something that it rests on is missing.

    What it checks
    --------------
    Whether the cell of the score, of a declared feature, or of one of ``columns`` is missing.

    Why it matters
    --------------
    A model fills a gap with a guess or a default, and nobody sees it in the outcome. A missing
    value says more about how the data were collected than about the person.

    When it misleads
    ----------------
    Where a blank has a meaning (no former employer), nearly every decision may be flagged: leave
    such a column out of ``columns``. A default written into the export, such as 0, is not seen.

    Example
    -------
    An application without ``years_experience`` is flagged with "missing: years_experience".

    Options
    -------
    ``columns`` (score and features): names as in the profile.

    References
    ----------
    National Institute of Standards and Technology, AI Risk Management Framework 1.0 (2023),
    MEASURE 2.5: the validity of a system and its limits beyond tested conditions are documented.
    """

    kind: ClassVar[str] = "value-missing"
    Options: ClassVar[type[Params]] = ValueMissingOptions

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag the decisions with a gap; columns that were not read are named."""
        missing = evidence.decisions.missing
        wanted = missing if self.options.columns is None else self.options.columns
        absent = [name for name in wanted if name not in missing]
        present = [name for name in wanted if name in missing]
        if absent:
            names = ", ".join(absent)
            why = f"the profile declares no score or feature named {names}"
            yield self.not_evaluated(evidence, "column-not-read", why)
        elif not present:
            why = "the profile declares no score and no feature"
            yield self.not_evaluated(evidence, "no-columns", why)
        if not present:
            return
        lines = self.considered(evidence)
        gaps = np.logical_or.reduce([missing[name][lines] for name in present])
        yield from self.flag_all(
            lines[gaps],
            lambda line: "missing: " + ", ".join(name for name in present if missing[name][line]),
        )
