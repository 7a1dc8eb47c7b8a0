from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.documents import Document, check, did_you_mean
from auditor.errors import PolicyError, Problem, Where, in_order
from auditor.policy import Draft, Policy, RecordExample, RowExample, RuleEntry, read_policy
from auditor.rules.base import Rule
from auditor.rules.bound import BoundPolicy
from auditor.rules.clashes import clashes
from auditor.rules.decision_rights import unheld_rights
from auditor.rules.filled import with_missing
from auditor.rules.inheriting import loosened
from auditor.rules.kinds import KINDS
from auditor.rules.waiver_objections import waiver_objections
from auditor.system import RecordBody

if TYPE_CHECKING:
    from auditor.ingest import Profile


def bind(sources: Sequence[str | Path | Policy]) -> list[BoundPolicy]:
    """Read policies and bind every entry to its rule kind.

    Parameters
    ----------
    sources : sequence of str, Path or Policy
        Names of packs, paths of YAML files, or policies loaded before.

    Raises
    ------
    PolicyError
        One error with all problems of all files: grammar, ids, kinds and options.
    PathError
        When a file cannot be opened.
    """
    drafts = [_draft(source) for source in sources]
    problems: list[Problem] = []
    bound: list[BoundPolicy] = []
    for draft in drafts:
        rules, found = _bind(draft)
        problems += sorted((*draft.problems, *found), key=in_order)
        if draft.policy:
            bound.append(BoundPolicy(policy=draft.policy, rules=tuple(rules)))
    problems += _policies_twice(drafts)
    if problems:
        raise PolicyError.of(problems)
    return bound


def fit(bound: Iterable[BoundPolicy], profile: Profile) -> None:
    """Make sure that every rule may look at what it names in an export that reads so.

    Raises
    ------
    PolicyError
        With everything that the rules of all policies must not look at.
    """
    problems = [p for policy in bound for rule in policy.rules for p in rule.misfits(profile)]
    if problems:
        raise PolicyError.of(problems)


def _draft(source: str | Path | Policy) -> Draft:
    if isinstance(source, Policy):
        return Draft(
            path=source.path,
            policy=source,
            entries=source.rules,
            examples=source.examples,
            problems=(),
        )
    return read_policy(source)


def _bind(draft: Draft) -> tuple[list[Rule], list[Problem]]:
    rules: list[Rule] = []
    problems = [*_examples_of_samples(draft), *_examples_of_records(draft)]
    for entry in draft.entries:
        kind = _kind_of(entry)
        if kind is None or kind.section != entry.section:
            # A kind that is missing or no text was reported by the grammar.
            problems += [_kind_problem(entry, kind)] if entry.kind else []
            continue
        options, found = check(
            with_missing(entry.options, kind, draft.policy),
            kind.Options,
            _part("options", entry.options, entry.places, draft.path),
            ("options",),
        )
        problems += found
        if draft.policy and options is not None:
            rule = kind(entry, draft.policy, options)
            problems += rule.objections()
            rules.append(rule)
    if draft.policy:
        problems += waiver_objections(draft.policy, rules)
        problems += unheld_rights(draft.policy)
        problems += clashes(rules)
    if draft.policy and len(rules) == len(draft.entries):
        problems += _of_parent(BoundPolicy(policy=draft.policy, rules=tuple(rules)))
    return rules, problems


def _of_parent(child: BoundPolicy) -> list[Problem]:
    """Find what a child loosens, or what is wrong with its parent."""
    if child.policy.parent is None:
        return []
    try:
        (parent,) = bind([child.policy.parent])
    except PolicyError as refused:
        return list(refused.problems)
    return list(loosened(child, parent))


def _kind_of(entry: RuleEntry) -> type[Rule] | None:
    return next((kind for kind in KINDS if kind.kind == entry.kind), None)


def _examples_of_samples(draft: Draft) -> Iterator[Problem]:
    """Find what no example can show, such as whether chance picks one decision."""
    kinds = {entry.id: _kind_of(entry) for entry in draft.entries}
    for example in draft.examples:
        row = isinstance(example, RowExample)
        for n, name in enumerate(example.expect):
            kind = kinds.get(name)
            if kind is not None and kind.beyond_examples:
                at = ("expect", "reviews", n) if row else ("key", "expect", name)
                yield Problem(
                    message=f"no example can show what {name!r} does: the kind {kind.kind!r} looks "
                    "at what does not stand in an example",
                    slug="example-cannot-show",
                    where=example.places.get(at) or example.places.get(()),
                    hint="leave it out of the examples, and audit an export to see what it does",
                )
            elif kind is not None and kind.draws and row:
                yield Problem(
                    message=f"the review {name!r} draws a sample, and of one decision nobody can "
                    "say whether it is drawn",
                    slug="example-of-a-sample",
                    where=example.places.get(("expect", "reviews", n)),
                    hint="leave it out of the examples: reviews that draw are not looked at there",
                )


def _examples_of_records(draft: Draft) -> Iterator[Problem]:
    """Find what no system record says."""
    for example in draft.examples:
        if isinstance(example, RecordExample) and example.record is not None:
            document = _part("record", example.record, example.places, draft.path)
            yield from check(dict(example.record), RecordBody, document, ("record",))[1]


def _kind_problem(entry: RuleEntry, kind: type[Rule] | None) -> Problem:
    where = entry.places.get(("kind",))
    if kind is not None:
        judges = "one decision" if kind.section == "reviews" else "groups"
        return Problem(
            message=f"the kind {entry.kind!r} judges {judges}, it does not belong "
            f"under {entry.section}",
            slug="kind-in-wrong-section",
            where=where,
            hint=f"move the entry to {kind.section}",
        )
    known = [k.kind for k in KINDS if k.section == entry.section]
    near = did_you_mean(entry.kind, known)
    listed = "" if near.startswith("known") else f" Known here: {', '.join(sorted(known))}"
    return Problem(
        message=f"unknown rule kind {entry.kind!r} under {entry.section}",
        slug="unknown-kind",
        where=where,
        hint=near + listed,
    )


def _part(
    name: str, content: Mapping[str, Any], places: Mapping[tuple[Any, ...], Where], path: str
) -> Document | None:
    """Make a part of an entry a document of its own, so that problems in it find their place."""
    if not places:
        return None
    return Document(
        path=path,
        data={name: dict(content)},
        sha256="",
        texts={},
        places={p: w for p, w in places.items() if p[:1] != ("key",)},
        keys={p[1:]: w for p, w in places.items() if p[:1] == ("key",)},
    )


def _policies_twice(drafts: Iterable[Draft]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for draft in drafts:
        if draft.policy is None:
            continue
        if draft.policy.id in first:
            yield Problem(
                message=f"the policy id {draft.policy.id!r} is named twice: "
                f"{first[draft.policy.id]} and {draft.path}",
                slug="policy-twice",
                hint="every finding names its policy by this id; give each policy once",
            )
        first.setdefault(draft.policy.id, draft.path)
