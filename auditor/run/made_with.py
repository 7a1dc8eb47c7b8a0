"""Whether a stored result was made with what its reader goes by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auditor.errors import IntegrityError, Problem
from auditor.run.granted import waiver_contradictions

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.rules.bound import BoundPolicy
    from auditor.run.holding import Audit

_HINT = "audit the export again under this policy, or name the one that the result was made under"


def must_be_made_with(
    audit: Audit,
    policies: Sequence[str | Path],
    profile: str | Path | None = None,
    *,
    keyring: str | Path | None = None,
) -> None:
    """Refuse a result that was made under other policies, or read with another profile.

    A result says of itself what it was made with; only somebody who has the policy can tell whether
    that is the one they mean, and whether its waivers are those that were granted.

    Parameters
    ----------
    audit : Audit
    policies : names of packs, or paths
        All that the result was made under, and no others. What counts is the digest of the resolved
        policy, which is also what people sign: comments and examples may differ.
    profile : path, optional
    keyring : path, optional
        Needed where the result says that its policies were signed: the signatures are read anew.

    Raises
    ------
    IntegrityError
        With everything that is another.
        Also when a policy is not signed as it asks for.
    PolicyError, ProfileError, SignatureError, PathError
        When one of them cannot be read.
    """
    from auditor.rules.bind import bind

    bound = bind(policies)
    problems = [
        Problem(message=said, slug="made-with-another", hint=_HINT)
        for said in (
            *_policies(audit, bound),
            *_standing(audit, bound),
            *_signatures(audit, bound, keyring),
            *waiver_contradictions(audit.result, bound),
            *_profile(audit, profile),
        )
    ]
    if problems:
        raise IntegrityError.of(problems)


def _policies(audit: Audit, bound: Sequence[BoundPolicy]) -> Iterator[str]:
    from auditor.signing import policy_digest

    stored = {entry["id"]: entry["digest"] for entry in audit.result.document["policies"]}
    meant = {entry.policy.id: policy_digest(entry) for entry in bound}
    for name in sorted(stored.keys() | meant.keys()):
        if name not in stored:
            yield f"the result was not made under {name}"
        elif name not in meant:
            yield f"the result was made under {name} as well, and no --policy names it"
        elif stored[name] != meant[name]:
            yield (
                f"the result was made under another {name}: {stored[name]}, and this policy is "
                f"{meant[name]}"
            )


def _standing(audit: Audit, bound: Sequence[BoundPolicy]) -> Iterator[str]:
    """Find what a result says of its policies beside their rules, and they do not."""
    from auditor.run.plan import in_force

    document = audit.result.document
    known = {entry.policy.id: entry for entry in bound}
    active = in_force(bound, date.fromisoformat(document["as_of"]))
    for entry in document["policies"]:
        meant = known.get(entry["id"])
        if meant is None:
            continue
        if entry["in_force"] != (entry["id"] in active):
            yield f"the result is wrong on whether {entry['id']} moved its verdict"
        if set(entry["signed_by"]) != set(meant.policy.signed_by):
            yield f"the result is wrong on which roles have to sign {entry['id']}"


def _signatures(
    audit: Audit, bound: Sequence[BoundPolicy], keyring: str | Path | None
) -> Iterator[str]:
    """Find what a result says of signatures that are not there, or that nobody can look at."""
    from auditor.run.signed import signed

    document = audit.result.document
    said = {entry["id"]: entry["signed"] for entry in document["policies"]}
    if keyring is None:
        for name, roles in said.items():
            if roles:
                yield f"the result says that {name} was signed, and no --keyring tells by whom"
        return
    found = signed(bound, keyring, date.fromisoformat(document["as_of"]))
    for name, one in found.items():
        if set(said.get(name) or ()) != set(one.roles or ()):
            yield f"the result is wrong on who signed {name}"


def _profile(audit: Audit, profile: str | Path | None) -> Iterator[str]:
    from auditor.ingest import load_profile

    if profile is not None:
        stored, meant = audit.result.document["profile"]["sha256"], load_profile(profile).sha256
        if stored != meant:
            yield f"the result was read with another profile: {stored}, and this one is {meant}"
