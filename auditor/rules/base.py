from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict

from auditor.findings import Finding, Flag, NotEvaluated
from auditor.policy.model import Policy, RuleEntry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from auditor.cube import GroupTable
    from auditor.decisions import Counted, Decisions, Repeats
    from auditor.errors import Problem
    from auditor.explain import Attributions
    from auditor.ingest import Profile
    from auditor.metrics.values import Measures
    from auditor.policy.model import Waiver
    from auditor.rules.baseline import Baseline
    from auditor.rules.waived_values import Beside, Number, Part
    from auditor.system import SystemRecord
    from auditor.vocabulary import BoolArray, IntArray


WaivedBy: TypeAlias = Literal["group", "feature", "version"]


class Params(BaseModel):
    """Options of a rule kind: unknown keys refused, nothing converted silently."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True
    )

    def filled(self) -> Self:
        """Spell out what holds when nothing is said."""
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a bound rule asks of the floors below."""

    attributes: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    rows: bool = False
    flips: bool = False
    baselines: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flips:
    """Which explained lines the model decides otherwise with another value of a protected feature.

    ``untried`` are the protected features with too many values for one to be the other.
    """

    lines: IntArray
    changed: BoolArray
    untried: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Protected:
    """What only kinds that say ``reads_protected`` may look at.

    ``attributions`` name every feature of the model, ``features`` are those of them that are a
    protected attribute or follow from one. ``flips`` is there when a rule asked for it and the
    model decides anything.
    """

    attributions: Attributions
    features: frozenset[str]
    flips: Flips | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What rules may look at. Group tables are keyed by attribute, ``sex*race`` included.

    ``attributes`` are the single attributes that the profile declares, ``intersections`` those
    that the policies and the call ask for and whose parts exist. ``table`` is per metric
    (``selection-rate`` or ``scoring-rate``) and attribute. ``lines`` are the positions of
    ``decisions`` that hold a decision; None when rows were not read. ``attributions`` are there
    when a model was given, with protected features nameless; ``protected`` has their names, for the
    few kinds that may read them. ``flagged`` is the number of decisions that some review has
    flagged, for rules that are judged last; None before that, and where no review looked;
    ``unlooked`` are the reviews that could not look at every decision.
    ``inputs`` are the features that the model reads or the profile declares, and whether each tells
    a protected attribute. ``system`` is what is on record about the system, where somebody gave
    that; ``as_of`` the day of the audit. ``baselines`` are the stored results that rules ask for,
    by path, as far as they exist. ``repeats`` count people with several rows, by what a rate
    counts; empty where no column names people.
    """

    attributes: tuple[str, ...]
    intersections: tuple[str, ...]
    tables: Mapping[tuple[str, str], GroupTable]
    measures: Measures
    decisions: Decisions
    seed: int
    failed_block_rules: tuple[str, ...] = field(default=())
    attributions: Attributions | None = None
    flagged: int | None = None
    unlooked: tuple[str, ...] = ()
    inputs: Mapping[str, bool] = field(default_factory=dict)
    system: SystemRecord | None = None
    as_of: date | None = None
    protected: Protected | None = None
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    repeats: Mapping[Counted, Repeats] = field(default_factory=dict)


class Rule:
    """A policy entry bound to its kind. Subclasses are the kinds: one file each in ``kinds/``.

    A kind that ``draws`` picks decisions by chance, so no example can show what it does; nor can
    one show a kind that looks ``beyond_examples``, at reasons or at other decisions. A
    gate that ``counts_flags`` is judged after the reviews. A fail of a kind that ``can_be_waived``
    can be waived for a while, and the waiver ``needs_justification`` where it is about impact. It
    names what the kind is ``waived_by``: a group, or where there is none a feature or a version.
    Only a kind that ``reads_protected`` learns which features are a protected attribute.
    """

    kind: ClassVar[str]
    section: ClassVar[str]
    draws: ClassVar[bool] = False
    beyond_examples: ClassVar[bool] = False
    counts_flags: ClassVar[bool] = False
    reads_protected: ClassVar[bool] = False
    can_be_waived: ClassVar[bool] = False
    needs_justification: ClassVar[bool] = False
    waived_by: ClassVar[WaivedBy] = "group"
    Options: ClassVar[type[Params]]

    def __init__(self, entry: RuleEntry, policy: Policy, options: Any) -> None:
        self.entry = entry
        self.policy = policy
        self.options = options

    def needs(self) -> Needs:
        """Plan first: attributes (intersections) and rows that the rule wants read."""
        return Needs()

    def objections(self) -> Iterable[Problem]:
        """Name what the rest of the policy lacks for this rule, at binding."""
        return ()

    def misfits(self, profile: Profile) -> Iterable[Problem]:  # noqa: ARG002 - most fit any profile
        """Name what the rule must not look at in an export that reads so, before it is opened."""
        return ()

    def check(self, evidence: Evidence) -> Iterable[Finding | Flag | NotEvaluated]:
        """Judge. Group rules yield findings, decision rules flags."""
        raise NotImplementedError

    def failing(self, finding: Finding) -> Sequence[Part]:  # noqa: ARG002
        """Name everything that a fail is about, each with its own numbers: all have to be waived.

        Nothing named is nothing that can be waived.
        """
        return ()

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Compare a number of a fail with the one that was waived."""
        return "worse"

    @classmethod
    def is_hidden_from_examples(cls) -> bool:
        """Whether no example can show what it does: it draws, counts flags or looks elsewhere."""
        return cls.draws or cls.counts_flags or cls.beyond_examples

    def attributes(self, evidence: Evidence) -> Sequence[str]:
        """Attributes this rule is asked for: those named, or all that were read."""
        if isinstance(self.entry.for_each, tuple):
            return self.entry.for_each
        return (*evidence.attributes, *evidence.intersections)
