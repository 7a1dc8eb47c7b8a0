"""What a verification finds, as the refusal of a ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.errors import IntegrityError, Problem, Where

if TYPE_CHECKING:
    from auditor.ledger.verification.findings import LedgerCheck


def refusal(found: LedgerCheck, path: str, *, strict: bool = False) -> IntegrityError | None:
    """Error about a ledger that does not hold; None when it does.

    Parameters
    ----------
    found : LedgerCheck
    path : str
        Where the ledger is, for messages.
    strict : bool
        Refuse also what could not be excluded, and nobody looked up or computed. What was added
        and left out again since a checkpoint of today is accepted: a newer one alone would show it.
    """
    problems = [
        Problem(
            message=fault.says,
            slug="ledger-does-not-hold",
            where=Where(path),
            hint=_good(found),
        )
        for fault in found.faults
    ]
    if strict and not problems:
        problems = [
            Problem(
                message=says,
                slug="ledger-not-anchored",
                where=Where(path),
                hint="make a checkpoint, keep it outside of the ledger, and name it together with "
                "the keyring",
            )
            for says in _not_excluded(found)
        ]
    return IntegrityError.of(problems) if problems else None


def _good(found: LedgerCheck) -> str:
    if found.last_good:
        return f"the first {found.last_good} entries are those of the last checkpoint that fits"
    whose = " of somebody with the role 'checkpoint'" if found.signatures_checked else ""
    return f"no checkpoint{whose} fits; keep the file as it is and compare it with a copy"


def _not_excluded(found: LedgerCheck) -> Iterator[str]:
    if not found.anchored_today:
        yield found.cannot_exclude
    if found.anchored is not None and not found.signatures_checked:
        yield "nobody looked up who signed the checkpoint: there is no keyring"
    if found.signatures_taken:
        yield (
            f"the signatures of the first {found.signatures_taken} entries were not computed: "
            "whoever signed the checkpoint answers for them"
        )
    for seq, why in found.not_authentic:
        yield f"nobody stands behind entry {seq}: {why}"
