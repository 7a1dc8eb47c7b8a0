"""Who may do what: roles that readers need, and duties that must stay apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.documents import Document, did_you_mean
from auditor.errors import Problem
from auditor.policy.inherited import Inherited


def duty_problems(document: Document, inherited: Inherited) -> Iterator[Problem]:
    """Problems between the roles of a policy, its pairs of duties, and its reviews.

    Looks at the plain data; parts of the wrong shape are left to the grammar.
    """
    roles = document.data.get("roles")
    duties: dict[str, list[Any]] = {name: list(may) for name, may in inherited.roles.items()}
    duties |= {
        name: entry["may"]
        for name, entry in (roles if isinstance(roles, dict) else {}).items()
        if isinstance(entry, dict) and isinstance(entry.get("may"), list)
    }
    yield from _together(document, duties, inherited)
    yield from _readers(document, duties)
    yield from _signers(document, duties)
    yield from _still_needed(document, duties, inherited)


def _together(
    document: Document, duties: dict[str, list[Any]], inherited: Inherited
) -> Iterator[Problem]:
    own = document.data.get("keep_apart")
    pairs = [p for p in (own if isinstance(own, list) else []) if isinstance(p, list)]
    known = {frozenset(map(str, pair)): pair for pair in [*pairs, *map(list, inherited.keep_apart)]}
    for pair in known.values():
        if len(pair) != 2:
            continue
        for name, may in duties.items():
            if all(duty in may for duty in pair):
                yield Problem(
                    message=f"the role {name!r} may {pair[0]} and {pair[1]}, which keep_apart "
                    "keeps apart",
                    slug="duties-together",
                    where=document.where(("roles", name, "may")),
                    hint="take one of the two duties away from the role",
                )


def _readers(document: Document, duties: dict[str, list[Any]]) -> Iterator[Problem]:
    """Every reviewer is a role that may review, once there are roles."""
    reviews = [
        (section, n, review)
        for section in ("reviews", "requests")
        if isinstance(document.data.get(section), list)
        for n, review in enumerate(document.data[section])
    ]
    for section, n, review in reviews:
        name = review.get("reviewer", "reviewer") if isinstance(review, dict) else None
        if duties and isinstance(name, str) and "review" not in duties.get(name, ()):
            known = [role for role, may in duties.items() if "review" in may]
            yield Problem(
                message=f"the reviewer {name!r} is no role that may review",
                slug="not-a-role",
                where=document.where((section, n, "reviewer")),
                hint=did_you_mean(name, known)
                if known
                else "give one of the roles the duty 'review'",
            )


def _still_needed(
    document: Document, duties: dict[str, list[Any]], inherited: Inherited
) -> Iterator[Problem]:
    """Roles of a parent keep the duties for which the parent names them."""
    own = document.data.get("roles")
    for duty, names in (("review", inherited.reviewers), ("sign-policies", inherited.signed_by)):
        for name in names:
            if isinstance(own, dict) and name in own and duty not in duties.get(name, ()):
                yield Problem(
                    message=f"the parent needs {name!r} to {duty}, and here it may not",
                    slug="not-a-role",
                    where=document.where(("roles", name, "may")),
                    hint=f"leave it the duty {duty!r}, as in the parent",
                )


def _signers(document: Document, duties: dict[str, list[Any]]) -> Iterator[Problem]:
    head = document.data.get("policy")
    signed_by = head.get("signed_by") if isinstance(head, dict) else None
    for n, name in enumerate(signed_by if isinstance(signed_by, list) else []):
        if duties and isinstance(name, str) and "sign-policies" not in duties.get(name, ()):
            yield Problem(
                message=f"signed_by names {name!r}, which is no role that may sign policies",
                slug="not-a-role",
                where=document.where(("policy", "signed_by", n)),
                hint="add it to roles with the duty 'sign-policies'",
            )
