"""The examples inside a policy, run through the same engine as any export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.errors import Problem, Where
from auditor.policy import RowExample, TableExample
from auditor.rules.evaluate import Judged, evaluate
from auditor.vocabulary import FindingVerdict, Severity

if TYPE_CHECKING:
    from auditor.policy import Example
    from auditor.rules.base import Evidence, Rule
    from auditor.rules.bound import BoundPolicy
    from auditor.run.example_cases import Prepared

FLAGGED, NOT_FLAGGED = "picked for review", "not picked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A rule that says something else of an example than the policy expects."""

    rule: str
    expected: str
    found: str
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one example.

    ``unseen`` are the sentences of reviews that could not look at a row, or at a part of it only;
    one that no review could look at ``shows_nothing``.
    """

    example: Example
    differences: tuple[Difference, ...]
    unseen: tuple[str, ...] = ()
    shows_nothing: bool = False

    @property
    def as_expected(self) -> bool:
        """Whether the rules say what the policy expects, and any rule says something."""
        return not self.differences and not self.shows_nothing


def run_examples(bound: BoundPolicy, prepared: Sequence[Prepared]) -> list[Tried]:
    """Compare what the rules say of every example with what the policy expects."""
    return [_try(bound.rules, case) for case in prepared]


def _try(rules: Iterable[Rule], case: Prepared) -> Tried:
    looking = asked(rules, case.example)
    found = [differs(rule, case) for rule in looking]
    judged: list[Judged] = []
    if isinstance(case.example, RowExample):
        judged = [_judge(rule, case.evidence) for rule in looking]
    blind = [said for said in judged if said.not_evaluated and not said.flags]
    return Tried(
        example=case.example,
        differences=tuple(difference for difference in found if difference is not None),
        unseen=tuple(entry.says for said in judged for entry in said.not_evaluated),
        shows_nothing=isinstance(case.example, RowExample) and len(blind) == len(looking),
    )


def example_problems(bound: BoundPolicy, tried: Sequence[Tried]) -> list[Problem]:
    """Everything in which a policy and its examples do not agree; no example at all is one."""
    if not tried:
        return [
            Problem(
                message=f"the policy {bound.policy.id!r} has no examples, so nothing was tested",
                slug="no-examples",
                where=Where(bound.policy.path),
                hint="write some under examples: a table for rules about groups, a row for reviews",
            )
        ]
    empty = [
        Problem(
            message=f"no review could look at the example {one.example.name!r}",
            slug="example-shows-nothing",
            where=one.example.places.get(()),
            hint="give the row what the reviews read: score, cut_score and scale, features",
        )
        for one in tried
        if one.shows_nothing
    ]
    return empty + [
        Problem(
            message=f"{difference.rule} was to say {difference.expected!r} of the example "
            f"{one.example.name!r}, and says {difference.found!r}",
            slug="example-differs",
            where=_place(one.example, difference.rule),
            hint="correct the example if the rule is meant as it is, else the rule",
        )
        for one in tried
        for difference in one.differences
    ]


def _place(example: Example, rule: str) -> Where | None:
    places = example.places
    return places.get(("expect", rule)) or places.get(("expect", "reviews")) or places.get(())


def asked(rules: Iterable[Rule], example: Example) -> list[Rule]:
    """Rules that an example says something about: a row about every review it can show."""
    if isinstance(example, RowExample):
        return [
            rule
            for rule in rules
            if rule.section == "reviews" and not rule.is_hidden_from_examples()
        ]
    return [rule for rule in rules if rule.entry.id in example.expect]


def differs(rule: Rule, case: Prepared) -> Difference | None:
    """Let one rule look at an example; None when it says what is expected."""
    example = case.example
    judged = _judge(rule, case.evidence)
    expected: str
    if isinstance(example, RowExample):
        expected = FLAGGED if rule.entry.id in example.expect else NOT_FLAGGED
        found = FLAGGED if judged.flags else NOT_FLAGGED
        said = [*(flag.evidence for flag in judged.flags), *(n.says for n in judged.not_evaluated)]
    else:
        expected, found = example.expect[rule.entry.id], state_of(judged)
        said = [f.says for f in judged.findings] or [n.says for n in judged.not_evaluated]
    if found == expected:
        return _other_left_out(rule, example, judged)
    return Difference(rule=rule.entry.id, expected=expected, found=found, says=" ".join(said[:1]))


def _other_left_out(rule: Rule, example: Example, judged: Judged) -> Difference | None:
    """Compare the groups without a ratio, where an example says which those are."""
    if not isinstance(example, TableExample) or example.left_out is None:
        return None
    listed = [row for f in judged.findings for row in f.evidence.get("groups", ())]
    apart = {row["group"]: row["left_out"] for row in listed if "left_out" in row}
    found = sorted(name for name, is_out in apart.items() if is_out)
    if apart and found == sorted(example.left_out):
        return None
    return Difference(
        rule=rule.entry.id,
        expected=_without_ratio(example.left_out),
        found=_without_ratio(found) if apart else "nothing about groups left out",
    )


def _without_ratio(groups: Sequence[str]) -> str:
    return f"{', '.join(groups) or 'no group'} without a ratio"


def state_of(judged: Judged) -> str:
    """Sum up what one rule says of a table, in the words of `Expected`.

    The first finding of an attribute is its verdict; what a rule adds to a pass does not count. A
    fail that moves no verdict is a warning. An intersection may fail but need not pass.
    """
    verdicts = {finding.attribute: finding for finding in reversed(judged.findings)}.values()
    failed = [f for f in verdicts if f.verdict == FindingVerdict.FAIL]
    if failed:
        return "fail" if any(f.severity == Severity.BLOCK for f in failed) else "warning"
    held = any(f.must_pass and f.verdict == FindingVerdict.NO_VERDICT for f in verdicts)
    if held or any(entry.required for entry in judged.not_evaluated):
        return "no_verdict"
    for verdict in (FindingVerdict.PASS, FindingVerdict.DESCRIPTIVE):
        if any(finding.verdict == verdict for finding in verdicts):
            return verdict.value
    return "no_verdict"


def _judge(rule: Rule, evidence: Evidence) -> Judged:
    return evaluate([rule], evidence, in_force=[rule.policy.id])
