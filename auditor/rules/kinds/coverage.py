from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from auditor.documents import Listed, Text, with_near
from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Evidence, Needs, Params
from auditor.rules.group_rule import MetricName
from auditor.rules.left_out import too_many_unknown
from auditor.rules.whole_rule import WholeRule
from auditor.vocabulary import FindingVerdict, Severity, attributes_of

if TYPE_CHECKING:
    from auditor.cube import GroupTable

FEWEST = 10
COMPLETE = "Complete: the tables this rule names were computed. Nothing about them was judged."


class CoverageOptions(Params):
    """``attributes`` whose tables must be there, by ``any_metric`` or all ``metrics``."""

    attributes: Annotated[Listed[Text], Field(min_length=1)]
    any_metric: Listed[MetricName] = ()
    metrics: Listed[MetricName] = ()

    @model_validator(mode="after")
    def _some_metric(self) -> Self:
        if not self.any_metric and not self.metrics:
            raise PydanticCustomError(
                "missing-key",
                "needs 'any_metric' or 'metrics'",
                {"hint": "such as any_metric: [selection-rate, scoring-rate]"},
            )
        return self


class Coverage(WholeRule):
    """All the tables that a text asks for were computed.

    What it checks
    --------------
    That every one of ``attributes`` has a table of each of ``metrics``, and that one of
    ``any_metric`` is there for all of them. A table counts as computed when it can be read: two
    groups or more have 10 people (reports keep back the counts of smaller ones), the group of at
    most one person in ten is not known, and somebody is selected (or scores beyond the median).
    The result is pass or no verdict, never fail.

    Why it matters
    --------------
    Some texts ask that tables are computed and published and set no threshold. Such a duty is done
    when the tables are complete, and not when one of them is missing.

    When it misleads
    ----------------
    A pass says nothing about any number in the tables. It does not say that the categories are
    those the text means: they are the values that the profile maps.

    Example
    -------
    New York asks for sex, race/ethnicity and their intersection. An export without race gives no
    verdict: "No table by race and sex*race."

    Options
    -------
    ``attributes``, and ``any_metric`` or ``metrics`` or both.

    References
    ----------
    6 RCNY 5-301(b) and (c).
    """

    kind: ClassVar[str] = "coverage"
    Options: ClassVar[type[Params]] = CoverageOptions

    def needs(self) -> Needs:
        """Ask for every table that is named."""
        options = self.options
        return Needs(
            attributes=frozenset(options.attributes),
            metrics=frozenset((*options.any_metric, *options.metrics)),
        )

    def check(self, evidence: Evidence) -> Iterator[Finding | NotEvaluated]:
        """One finding on everything that is named."""
        gaps = self._gaps(evidence)
        if not gaps:
            said = self.policy.notice or COMPLETE
            yield self.finding(FindingVerdict.PASS, said, "", self._evidence(()))
            return
        says = f"Not complete: {'; '.join(map(str, gaps))}."
        absent = self._unmapped(evidence)
        if absent:
            near = with_near(absent, evidence.attributes, sign=" or ")
            says += f" The profile maps no attribute named {near}."
        says += "".join(f" {why}" for why in dict.fromkeys(self._unreadable(evidence, gaps)))
        if self.entry.when_present and any(gap.is_absence(evidence) for gap in gaps):
            yield self.not_evaluated("tables-absent", says, mark=". ")
        else:
            steps = [_map_attributes(absent), *(gap.step(evidence) for gap in gaps)]
            step = " ".join(dict.fromkeys(filter(None, steps)))
            yield self.finding(FindingVerdict.NO_VERDICT, says, step, self._evidence(gaps))

    def must_pass(self) -> bool:
        """Whether the run needs the tables: where the policy blocks on them."""
        return self.entry.severity == Severity.BLOCK

    def _gaps(self, evidence: Evidence) -> list[_Gap]:
        """List what is missing; of ``any_metric`` the rate that comes closest."""
        options = self.options
        wanted = [(name,) for name in options.metrics]
        wanted += [options.any_metric] if options.any_metric else []
        gaps = []
        for names in wanted:
            found = [_gap(evidence, names, name, options.attributes) for name in names]
            closest = min(found, key=lambda gap: len(gap.attributes))
            gaps += [closest] if closest.attributes else []
        return gaps

    def _unreadable(self, evidence: Evidence, gaps: Sequence[_Gap]) -> Iterator[str]:
        """Say what is wrong with tables that are there."""
        for gap in gaps:
            for name in gap.attributes:
                table = evidence.tables.get((gap.metric, name))
                if table is not None:
                    yield _why_unreadable(table)

    def _unmapped(self, evidence: Evidence) -> list[str]:
        parts = (part for name in self.options.attributes for part in attributes_of(name))
        return [part for part in dict.fromkeys(parts) if part not in evidence.attributes]

    def _evidence(self, gaps: Sequence[_Gap]) -> dict[str, list[str]]:
        options = self.options
        return {
            "attributes": list(options.attributes),
            "metrics": list(options.metrics),
            "any_metric": list(options.any_metric),
            "missing": [str(gap) for gap in gaps],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """Attributes without a table of one rate; ``asked`` are the rates of which one would do."""

    asked: tuple[str, ...]
    metric: str
    attributes: tuple[str, ...]

    def __str__(self) -> str:
        rates = " or ".join(name.replace("-", " ") for name in self.asked)
        return f"no table of the {rates} by {' and '.join(self.attributes)}"

    def is_absence(self, evidence: Evidence) -> bool:
        """Whether the export does not carry a table at all, rather than one that compares."""
        return any((self.metric, name) not in evidence.tables for name in self.attributes)

    def step(self, evidence: Evidence) -> str:
        """Which mapping of the profile to write, or what to look at when all are there."""
        decisions = evidence.decisions
        if self.metric == "selection-rate" and decisions.outcome is None:
            return "Map columns.outcome in the profile (column, favorable, unfavorable)."
        if self.metric != "selection-rate" and decisions.score is None:
            return "Map columns.score in the profile (column)."
        if self.is_absence(evidence):
            return ""
        return (
            f"A table can be read when two groups or more have {FEWEST} people, the group of at "
            "most one in ten is not known, and somebody is selected: check the mapped values, or "
            "take a longer period."
        )


def _gap(
    evidence: Evidence, asked: tuple[str, ...], metric: str, attributes: Sequence[str]
) -> _Gap:
    missing = tuple(name for name in attributes if not _can_be_read(evidence, metric, name))
    return _Gap(asked=asked, metric=metric, attributes=missing)


def _can_be_read(evidence: Evidence, metric: str, attribute: str) -> bool:
    """Whether a table is there and nothing is wrong with it."""
    table = evidence.tables.get((metric, attribute))
    return table is not None and not _why_unreadable(table)


def _why_unreadable(table: GroupTable) -> str:
    """Why nobody can read anything in a table; empty where somebody can."""
    if int((table.considered >= FEWEST).sum()) < 2:
        return f"No two groups of {table.attribute} have {FEWEST} people."
    if not int(table.favorable.sum()):
        return f"Nobody of those whose {table.attribute} is known is counted as favorable."
    return too_many_unknown(table)


def _map_attributes(absent: Sequence[str]) -> str:
    if not absent:
        return ""
    stanza = ", ".join(f"{name}: {{column: ..., values: as-is}}" for name in absent)
    return f"Map {' and '.join(absent)} under columns.groups in the profile ({stanza})."
