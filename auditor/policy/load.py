from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from auditor.documents import Document, check, read_document, wrong_format
from auditor.errors import PolicyError, Problem, Where, in_order
from auditor.policy.consistency import problems_between
from auditor.policy.duties import duty_problems
from auditor.policy.examples import example_problems, examples_of
from auditor.policy.extends import merged, mixed_up, parent_of, with_what_parent_says
from auditor.policy.inherited import Inherited
from auditor.policy.model import EVERY_ATTRIBUTE, Basis, Example, Policy, RequestClock, RuleEntry
from auditor.policy.packs import pack_names, pack_path
from auditor.policy.schema import Entry, GateEntry, PolicyFile, ReviewEntry
from auditor.policy.waivers import limits_of, waiver_problems, waivers_of
from auditor.vocabulary import INTERSECTION, Severity

FORMAT = "policy/1"
_FIRST_LINE = "the first line of a policy is 'auditor: policy/1'"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """A policy file as far as it could be read, with all its problems.

    ``policy`` is None when there is a problem. ``entries`` and ``examples`` are there nevertheless,
    so that whatever their rule kinds have to say can be checked in the same round.
    """

    path: str
    policy: Policy | None
    entries: tuple[RuleEntry, ...]
    examples: tuple[Example, ...]
    problems: tuple[Problem, ...]


def load_policy(source: str | Path) -> Policy:
    """Read a policy file or a shipped pack.

    The options of its rules are read, not yet understood: that is the rule kinds' business, when
    the policy is bound to them.

    Parameters
    ----------
    source : str or Path
        Name of a pack, such as ``us-adverse-impact``, or path of a YAML file.

    Raises
    ------
    PolicyError
        With every problem of the file at its line and column.
    PathError
        When the file cannot be opened.
    """
    draft = read_policy(source)
    if draft.policy is None:
        raise PolicyError.of(draft.problems)
    return draft.policy


def read_policy(source: str | Path) -> Draft:
    """Read a policy file or a shipped pack, collecting problems instead of raising them.

    Raises
    ------
    PathError
        When the file cannot be opened.
    """
    try:
        path = _path_of(source)
    except PolicyError as exc:
        return Draft(path=str(source), policy=None, entries=(), examples=(), problems=exc.problems)
    return _read(path, ())


def _whole(path: Path, above: tuple[str, ...]) -> Policy:
    """Read a parent, which has to be whole."""
    draft = _read(path, above)
    if draft.policy is None:
        raise PolicyError.of(draft.problems)
    return draft.policy


def _read(path: Path, above: tuple[str, ...]) -> Draft:
    """Read a file; ``above`` are those that extend it."""
    try:
        document = read_document(path, error=PolicyError)
    except PolicyError as exc:
        return Draft(path=str(path), policy=None, entries=(), examples=(), problems=exc.problems)
    problem = _format_problem(document)
    if problem:
        # Under another format every key may mean something else.
        return Draft(path=document.path, policy=None, entries=(), examples=(), problems=(problem,))
    file, problems = check(document.data, PolicyFile, document)
    parent, found = parent_of(document, above, _whole)
    inherited = Inherited.of(parent)
    problems += found
    if parent is not None or document.data.get("extends") is None:
        # without its parent nobody knows which names a file may use
        problems += [
            *problems_between(document, inherited),
            *duty_problems(document, inherited),
            *waiver_problems(document, inherited),
            *example_problems(document, inherited),
        ]
    entries, examples = tuple(_entries(document)), tuple(examples_of(document))
    policy = _policy(file, entries, examples, document) if file and not problems else None
    if policy and parent:
        policy = with_what_parent_says(document, policy, parent)
        problems += mixed_up(document, policy, parent)
        policy = merged(policy, parent) if not problems else None
    return Draft(
        path=document.path,
        policy=policy,
        entries=policy.rules if policy else entries,
        examples=examples,
        problems=tuple(sorted(problems, key=in_order)),
    )


def _path_of(source: str | Path) -> Path:
    """Path of a source; a bare word is a pack unless only a file has that name."""
    text = str(source)
    written_as_path = os.sep in text or "/" in text or text.endswith((".yaml", ".yml"))
    if isinstance(source, Path) or written_as_path:
        return Path(source)
    if text not in pack_names() and Path(text).is_file():
        return Path(text)
    return pack_path(text)


def _format_problem(document: Document) -> Problem | None:
    if "auditor" not in document.data:
        return Problem(
            message="'auditor' is missing",
            slug="missing-key",
            where=document.where(),
            hint=_FIRST_LINE,
        )
    found = document.data["auditor"]
    if found == FORMAT:
        return None
    return wrong_format(found, FORMAT, _FIRST_LINE, document, this="this file")


def _entries(document: Document) -> Iterator[RuleEntry]:
    for section, model in (("gates", GateEntry), ("reviews", ReviewEntry)):
        items = document.data.get(section)
        for index, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                yield _entry(item, model, document.places_below((section, index)), section)


def _entry(
    item: dict[str, Any],
    model: type[Entry],
    places: dict[tuple[Any, ...], Where],
    section: Any,
) -> RuleEntry:
    """Entry of one rule; of a broken one just what its options can be checked with."""
    options = item.get("options")
    options = options if isinstance(options, dict) else {}
    try:
        entry = model.model_validate(item)
    except ValidationError:
        kind = item.get("kind")
        entry = model.model_construct(
            id=str(item.get("id", "")),
            kind=kind if isinstance(kind, str) else "",
            says="",
            because=(),
        )
    gate = entry if isinstance(entry, GateEntry) else None
    review = entry if isinstance(entry, ReviewEntry) else None
    every = gate is None or gate.for_each == (EVERY_ATTRIBUTE,)
    return RuleEntry(
        section=section,
        id=entry.id,
        kind=entry.kind,
        says=entry.says,
        because=entry.because,
        for_each=EVERY_ATTRIBUTE if gate is None or every else gate.for_each,
        options=options,
        severity=Severity(gate.severity) if gate else Severity.INFO,
        when_present=bool(gate and gate.when_present),
        mandatory=bool(review and review.mandatory),
        reviewer=review.reviewer if review else "",
        due_days=review.due if review else None,
        readers=review.readers if review else 1,
        places=places,
    )


def _policy(
    file: PolicyFile,
    entries: tuple[RuleEntry, ...],
    examples: tuple[Example, ...],
    document: Document,
) -> Policy:
    head = file.policy
    return Policy(
        id=head.id,
        title=head.title,
        version=head.version,
        status=head.status,
        owner=head.owner,
        effective_from=head.effective_from,
        review_by=head.review_by,
        verified_on=head.verified_on,
        notice=head.notice,
        basis=tuple(
            Basis(id=b.id, cite=b.cite, says=b.says, status=b.status, source=b.source)
            for b in file.basis
        ),
        intersections=tuple(INTERSECTION.join(names) for names in file.groups.intersections),
        rules=entries,
        path=document.path,
        sha256=document.sha256,
        signed_by=head.signed_by,
        decision_rights=dict(file.decision_rights),
        roles={name: role.may for name, role in file.roles.items()},
        waiver_limits=limits_of(file.waivers.limits),
        waivers=waivers_of(file.waivers.granted, document),
        requests=tuple(
            RequestClock(
                id=asked.id,
                kind=asked.kind,
                says=asked.says,
                because=asked.because,
                due_days=asked.due,
                reviewer=asked.reviewer,
            )
            for asked in file.requests
        ),
        reason_codes=tuple(code.meant() for code in file.reason_codes),
        reviews_need=file.reviews_need,
        missing_values=file.missing_values,
        keep_apart=tuple((pair[0], pair[1]) for pair in file.keep_apart),
        examples=examples,
        places=document.places,
    )
