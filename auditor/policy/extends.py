"""A policy that tightens another one: the parent found and pinned, and both made one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.documents import Document, check
from auditor.errors import AuditorError, PathError, PolicyError, Problem, Where
from auditor.policy.model import RequestClock
from auditor.policy.packs import pack_path
from auditor.policy.schema import ExtendsEntry
from auditor.policy.waivers import limits_below

if TYPE_CHECKING:
    from auditor.policy.model import Policy, RuleEntry

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
    requests = _requests(child, parent)
    return replace(
        child,
        parent=parent,
        places=_places(child, parent, rules, requests),
        signed_by=tuple(dict.fromkeys((*parent.signed_by, *child.signed_by))),
        basis=(*parent.basis, *child.basis),
        intersections=tuple(dict.fromkeys((*parent.intersections, *child.intersections))),
        rules=tuple(rules),
        decision_rights={**parent.decision_rights, **child.decision_rights},
        roles={**parent.roles, **child.roles},
        keep_apart=tuple(dict.fromkeys((*parent.keep_apart, *child.keep_apart))),
        requests=requests,
        reviews_need=tuple(dict.fromkeys((*parent.reviews_need, *child.reviews_need))),
    )


def _places(
    child: Policy, parent: Policy, rules: Iterable[RuleEntry], requests: Iterable[RequestClock]
) -> dict[tuple[Any, ...], Where]:
    """Place of everything in the policy that both make, in the file that says it."""
    own = {"policy", "extends", "gates", "reviews", "requests", "examples", "waivers"}
    own |= {"reason_codes"} & {str(path[0]) for path in child.places if path}
    head = {("policy", key) for key in ("notice", "verified_on", "review_by")}
    places = {p: w for p, w in parent.places.items() if p in head or not own & {*p[:1]}}
    for path, where in child.places.items():
        match path:
            case ("basis", int(n), *rest):
                places["basis", n + len(parent.basis), *rest] = where
            case ("gates" | "reviews" | "requests", *_):
                pass
            case _:
                places[path] = where
    theirs = {asked.id: n for n, asked in enumerate(parent.requests)}
    ours = {asked.id: n for n, asked in enumerate(child.requests)}
    for n, asked in enumerate(requests):
        of = child if asked.id in ours else parent
        at = ("requests", (ours if of is child else theirs)[asked.id])
        places |= {("requests", n, *p[2:]): w for p, w in of.places.items() if p[:2] == at}
    for section in ("gates", "reviews"):
        for n, rule in enumerate(rule for rule in rules if rule.section == section):
            inside = {p: w for p, w in rule.places.items() if p[:1] != ("key",)}
            places |= {(section, n, *path): where for path, where in inside.items()}
    return places


def _requests(child: Policy, parent: Policy) -> tuple[RequestClock, ...]:
    """Clocks of the parent, those of the child in their place, and further ones of the child."""
    own = {asked.id: asked for asked in child.requests}
    kept = []
    for theirs in parent.requests:
        ours = own.pop(theirs.id, theirs)
        kept.append(replace(ours, because=_with_parents(ours.because, theirs.because)))
    return (*kept, *own.values())


def with_what_parent_says(document: Document, child: Policy, parent: Policy) -> Policy:
    """Single values that the child does not write, as its parent has them."""
    at = ("waivers", "limits")
    said = {str(path[2]) for path in document.places if path[:2] == at and path[2:]}
    limits = limits_below(parent.waiver_limits, child.waiver_limits, said)
    child = replace(child, waiver_limits=limits)
    if ("reason_codes",) not in document.places:
        child = replace(child, reason_codes=parent.reason_codes)
    if ("missing_values",) not in document.places:
        child = replace(child, missing_values=parent.missing_values)
    if not child.notice:
        child = replace(child, notice=parent.notice)
    return replace(
        child,
        verified_on=child.verified_on or parent.verified_on,
        review_by=child.review_by or parent.review_by,
    )


def mixed_up(document: Document, child: Policy, parent: Policy) -> Iterator[Problem]:
    """Find names of the parent that mean something else in the child.

    Whether what is left is tighter or looser is for the floor of rules to say.
    """
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
    clocks = {asked.id: asked for asked in parent.requests}
    taken: list[tuple[str, Where | None]] = [
        (asked.id, document.where(("requests", n, "id")))
        for n, asked in enumerate(child.requests)
        if asked.id in before
    ]
    taken += [(rule.id, rule.places.get(("id",))) for rule in child.rules if rule.id in clocks]
    for name, where in taken:
        yield Problem(
            message=f"the rule id {name!r} means something else in the parent",
            slug="id-twice",
            where=where,
            hint="results name a rule by its id alone; give yours another",
        )
    kinds = {asked.kind: asked.id for asked in parent.requests}
    for n, asked in enumerate(child.requests):
        same = clocks.get(asked.id)
        if kinds.get(asked.kind, asked.id) != asked.id or (same and same.kind != asked.kind):
            yield Problem(
                message=f"{asked.id!r} sets another clock for {asked.kind!r} than the parent",
                slug="clock-twice",
                where=document.where(("requests", n, "kind")),
                hint="give it the id and the kind that it has in the parent",
            )


def _over(child: RuleEntry, parent: RuleEntry) -> RuleEntry:
    """Put what a child says of a rule over what the parent says of it.

    Only options are inherited one by one: every other key is the child's, or its default.
    """
    options = {p: w for p, w in parent.places.items() if "options" in p[:2]}
    return replace(
        child,
        because=_with_parents(child.because, parent.because),
        options={**parent.options, **child.options},
        places={**options, **child.places},
    )


def _with_parents(child: tuple[str, ...], parent: tuple[str, ...]) -> tuple[str, ...]:
    """Texts that a rule rests on: a child may add some, and drop none."""
    return tuple(dict.fromkeys((*parent, *child)))


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


def _problem(document: Document, message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-extends", where=document.where(_AT), hint=hint)


def _first(refused: AuditorError) -> str:
    """Say the first problem of a parent; its own file says the others."""
    first = refused.problems[0]
    place = f"{first.where}: " if first.where else ""
    more = len(refused.problems) - 1
    return f"{place}{first.message}{f' (and {more} more)' if more else ''}"
