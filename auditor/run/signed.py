"""What the policies of a run are signed with, looked at before any data are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from auditor.errors import IntegrityError
from auditor.findings import NotEvaluated
from auditor.result.value import UNSIGNED
from auditor.vocabulary import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.errors import Problem
    from auditor.rules.bound import BoundPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Digest of a policy, and the roles that signed it; None where nobody looked.

    ``reached`` is the last day on which somebody in the keyring signed it.
    """

    digest: str
    roles: tuple[str, ...] | None = None
    reached: date | None = None


def unsigned(bound: Sequence[BoundPolicy], stamps: Mapping[str, Signed]) -> Iterator[NotEvaluated]:
    """Policies that have to be signed, where nobody looked whether they are: never a pass."""
    for entry in bound:
        policy = entry.policy
        if not policy.signed_by or stamps[policy.id].roles is not None:
            continue
        roles = " and ".join(policy.signed_by)
        yield NotEvaluated(
            policy=policy.id,
            rule="signed_by",
            reason=UNSIGNED,
            says=f"Policy {policy.id} has to be signed by {roles}, and nobody looked whether it "
            "is: audit with a keyring (--keyring, in Python keyring=).",
            severity=Severity.BLOCK,
            required=True,
        )


def signed(
    bound: Sequence[BoundPolicy], keyring: str | Path | None, as_of: date
) -> dict[str, Signed]:
    """Digest of each policy by its id, with its signatures when there is a keyring.

    With one, every policy needs its signatures, also one that asks for none: else whoever deletes
    ``signed_by`` would be rid of them. Shipped packs come with the program and are let through.

    Raises
    ------
    IntegrityError
        When a policy is not signed as it asks for.
    SignatureError
        When the keyring or a file of signatures is wrong.
    PathError
        When one of them cannot be opened.
    """
    from auditor.policy.packs import packs_root
    from auditor.signing import policy_digest

    if keyring is None:
        return {entry.policy.id: Signed(digest=policy_digest(entry)) for entry in bound}

    from pathlib import Path

    from auditor.signing import read_keyring, read_signatures, refusal, signatures_path, verify

    trusted = read_keyring(keyring)
    found: dict[str, Signed] = {}
    problems: list[Problem] = []
    for entry in bound:
        policy = entry.policy
        if Path(policy.path).parent == packs_root():
            found[policy.id] = Signed(digest=policy_digest(entry))
            continue
        held = read_signatures(signatures_path(policy.path), optional=True)
        verified = verify(entry, held, trusted, as_of=as_of)
        refused = refusal(policy, verified)
        problems += refused.problems if refused else ()
        known = (one.signature for one in verified.checked if one.person and one.signature.genuine)
        found[policy.id] = Signed(
            digest=verified.digest,
            roles=verified.standing,
            reached=max((one.signed_on for one in known), default=None),
        )
    if problems:
        raise IntegrityError.of(problems)
    return found
