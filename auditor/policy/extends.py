"""A policy that tightens another one: the parent found and pinned, and both made one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.documents import Document, check
from auditor.errors import AuditorError, PathError, PolicyError, Problem, Where
from auditor.policy.model import RIGHTS, RequestClock
from auditor.policy.packs import pack_path
from auditor.policy.schema import ExtendsEntry

if TYPE_CHECKING:
    from auditor.policy.model import Policy, RuleEntry, WaiverLimits

_DEEPEST = 5
_AT = ("extends",)
_CIRCLE = "the policies extend one another in a circle"


def parent_of(
    document: Document,
    above: tuple[str, ...],
    read: Callable[[Path, tuple[str, ...]], Policy],
) -> tuple[Policy | None, list[Problem]]:
    """Read the policy that a file extends, and make sure that it is the one meant.

    Parameters
    ----------
    document : Document
    above : paths of the files that extend this one, outermost first
    read : reads a policy whole, given its path and the files above it
    """
    said = document.data.get("extends")
    if not isinstance(said, dict):
        return None, []
    entry, found = check(said, ExtendsEntry, document, _AT)
    if entry is None or found:
        return None, []  # the grammar of the whole file says so
    files = (*above, str(Path(document.path).resolve()))
    try:
        path = pack_path(entry.pack) if entry.pack else _beside(document, entry.file or "")
        if str(path.resolve()) in files:
            return None, [_problem(document, _CIRCLE, "let one of them extend nothing")]
        if len(files) > _DEEPEST:
            return None, [_problem(document, f"more than {_DEEPEST} policies extend one another")]
        parent = read(path, files)
    except (PolicyError, PathError) as refused:
        hint = refused.problems[0].hint
        return None, [_problem(document, f"the parent cannot be used: {_first(refused)}", hint)]
    return parent, list(_not_the_one(document, entry, parent))


def merged(child: Policy, parent: Policy | None) -> Policy:
    """Policy with everything of its parent that it does not say itself."""
    if parent is None:
        return child
    own = {rule.id: rule for rule in child.rules}
    rules = [_over(own.pop(rule.id), rule) if rule.id in own else rule for rule in parent.rules]
    rules += own.values()
    return replace(
        child,
        parent=parent,
        places=_places(child, parent, rules),
        signed_by=tuple(dict.fromkeys((*parent.signed_by, *child.signed_by))),
        basis=(*parent.basis, *child.basis),
        intersections=tuple(dict.fromkeys((*parent.intersections, *child.intersections))),
        rules=tuple(rules),
        decision_rights={**parent.decision_rights, **child.decision_rights},
        roles={**parent.roles, **child.roles},
        keep_apart=tuple(dict.fromkeys((*parent.keep_apart, *child.keep_apart))),
        requests=_requests(child, parent),
    )


def _places(
    child: Policy, parent: Policy, rules: Iterable[RuleEntry]
) -> dict[tuple[Any, ...], Where]:
    """Place of everything in the policy that both make, in the file that says it."""
    own = {"policy", "extends", "gates", "reviews", "requests", "examples", "waivers"}
    places = {p: w for p, w in parent.places.items() if not own & {*p[:1]}}
    for path, where in child.places.items():
        match path:
            case ("basis", int(n), *rest):
                places["basis", n + len(parent.basis), *rest] = where
            case ("gates" | "reviews" | "requests", *_):
                pass
            case _:
                places[path] = where
    for n, asked in enumerate(_requests(child, parent)):
        of = child if asked in child.requests else parent
        at = ("requests", of.requests.index(asked))
        places |= {("requests", n, *p[2:]): w for p, w in of.places.items() if p[:2] == at}
    for section in ("gates", "reviews"):
        for n, rule in enumerate(rule for rule in rules if rule.section == section):
            inside = {p: w for p, w in rule.places.items() if p[:1] != ("key",)}
            places |= {(section, n, *path): where for path, where in inside.items()}
    return places


def _requests(child: Policy, parent: Policy) -> tuple[RequestClock, ...]:
    """Clocks of the parent, those of the child in their place, and further ones of the child."""
    own = {asked.id: asked for asked in child.requests}
    kept = [own.pop(asked.id, asked) for asked in parent.requests]
    return (*kept, *own.values())


def with_limits_of(document: Document, child: Policy, parent: Policy) -> Policy:
    """Limits of waivers: those that the child writes, else its parent's."""
    limits = child.waiver_limits
    kept = {
        name: getattr(parent.waiver_limits, name)
        for name in ("longest", "approvals", "never_for")
        if ("waivers", "limits", name) not in document.places
    }
    return replace(child, waiver_limits=replace(limits, **kept))


def loosened(document: Document, child: Policy, parent: Policy) -> Iterator[Problem]:
    """Find what a child takes back, but for options of rules, which their kinds know."""
    before = {rule.id: rule for rule in parent.rules}
    for rule in child.rules:
        theirs = before.get(rule.id)
        if theirs is not None and (rule.kind, rule.section) != (theirs.kind, theirs.section):
            yield Problem(
                message=f"{rule.id!r} is a {theirs.kind} rule under {theirs.section} in the parent",
                slug="not-the-same-rule",
                where=rule.places.get(("kind",)),
                hint="give your own rule another id",
            )
    for kind, right in child.decision_rights.items():
        theirs_right = parent.decision_rights.get(kind, right)
        if RIGHTS.index(right) < RIGHTS.index(theirs_right):
            yield _looser(document, ("decision_rights", kind), right, theirs_right)
    yield from _clocks(document, child, parent)
    if (child.missing_values, parent.missing_values) == ("skip", "review"):
        yield _looser(document, ("missing_values",), "skip", "review")
    for name in child.roles:
        if name in parent.roles and set(child.roles[name]) - set(parent.roles[name]):
            said = f"the role {name!r} with more duties"
            yield _looser(document, ("roles", name), said, "fewer")
    yield from _limits(document, child.waiver_limits, parent.waiver_limits)


def _clocks(document: Document, child: Policy, parent: Policy) -> Iterator[Problem]:
    """Find clocks that run longer than in the parent, and second ones beside the parent's."""
    before = {asked.id: asked for asked in parent.requests}
    kinds = {asked.kind: asked.id for asked in parent.requests}
    for n, asked in enumerate(child.requests):
        theirs = before.get(asked.id)
        if kinds.get(asked.kind, asked.id) != asked.id or (theirs and theirs.kind != asked.kind):
            yield Problem(
                message=f"{asked.id!r} sets another clock for {asked.kind!r} than the parent",
                slug="clock-twice",
                where=document.where(("requests", n, "kind")),
                hint="give it the id and the kind that it has in the parent",
            )
        elif theirs is not None and asked.due_days > theirs.due_days:
            days = f"{theirs.due_days} days"
            yield _looser(document, ("requests", n, "due"), f"{asked.due_days} days", days)


def _limits(document: Document, child: WaiverLimits, parent: WaiverLimits) -> Iterator[Problem]:
    at = ("waivers", "limits")
    if child.longest > parent.longest:
        days = f"{parent.longest} days"
        yield _looser(document, (*at, "longest"), f"{child.longest} days", days)
    if child.approvals < parent.approvals:
        yield _looser(document, (*at, "approvals"), child.approvals, parent.approvals)
    gone = sorted(set(parent.never_for) - set(child.never_for))
    if gone:
        yield _looser(document, (*at, "never_for"), "a list", f"a list with {', '.join(gone)}")


def _over(child: RuleEntry, parent: RuleEntry) -> RuleEntry:
    """Put what a child says of a rule over what the parent says of it."""
    return replace(
        child,
        options={**parent.options, **child.options},
        places={**parent.places, **child.places},
    )


def _beside(document: Document, file: str) -> Path:
    return Path(document.path).parent / file


def _not_the_one(document: Document, entry: ExtendsEntry, parent: Policy) -> Iterator[Problem]:
    if entry.version != parent.version:
        yield Problem(
            message=f"the parent {parent.id} has version {parent.version!r}, not {entry.version!r}",
            slug="parent-changed",
            where=document.where((*_AT, "version")),
            hint="read what changed with 'auditor policy diff', then pin the new one",
        )
    if entry.sha256 != parent.sha256:
        yield Problem(
            message=f"the parent {parent.id} has SHA-256 {parent.sha256}, another than pinned",
            slug="parent-changed",
            where=document.where((*_AT, "sha256")),
            hint="read what changed with 'auditor policy diff', then pin the new one",
        )


def _looser(document: Document, at: tuple[Any, ...], said: object, parent: object) -> Problem:
    return Problem(
        message=f"{'.'.join(map(str, at))} is looser than in the parent: {said}, not {parent}",
        slug="loosens-parent",
        where=document.where(at),
        hint="a policy that extends another may tighten it, never loosen it",
    )


def _problem(document: Document, message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-extends", where=document.where(_AT), hint=hint)


def _first(refused: AuditorError) -> str:
    """Say the first problem of a parent; its own file says the others."""
    first = refused.problems[0]
    place = f"{first.where}: " if first.where else ""
    more = len(refused.problems) - 1
    return f"{place}{first.message}{f' (and {more} more)' if more else ''}"
