"""Read a ledger once with the clock on.

``python -m benchmarks.ledger_readers FILE CASES [since]``; with ``since``, signatures are taken
over from a checkpoint of all that is there.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, process_time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.ledger import Draft, Entry, new_draft
from auditor.ledger.checkpoint import ROLE, Checkpoint, sign_checkpoint
from auditor.ledger.sqlite import SqliteLedger
from auditor.ledger.tree import Tree, leaf_hash
from auditor.ledger.verification import verify_ledger
from auditor.review import Case, Demands, Desk
from auditor.review.case import FlaggedDecision, FlaggedRule
from auditor.review.counting import counted
from auditor.signing.ed25519 import key_text, public_bytes
from auditor.signing.keyring import Holder, Keyring

LEDGER = "benchmark"
_TRAINED = date(2026, 3, 1)


def main(arguments: Sequence[str]) -> int:
    place, cases, since = Path(arguments[0]), int(arguments[1]), "since" in arguments
    with SqliteLedger(place, read_only=True) as ledger:
        outside = [_checkpoint(ledger)] if since else []
        kept: list[Entry] | None = [] if cases else None
        begun, cpu = perf_counter(), process_time()
        found = verify_ledger(
            ledger,
            outside,
            keyring=_keyring() if cases or since else None,
            keep=kept,
            since_checkpoint=since,
        )
        took, cpu = perf_counter() - begun, process_time() - cpu
    assert found.holds
    signed = found.size - 1 - found.unsigned
    how = " since a checkpoint" if since else ""
    print(
        f"{found.size:,} entries, {signed:,} of them signed: verified{how} in {took:.1f} s, "
        f"{1e6 * took / found.size:,.0f} us an entry ({cpu:.1f} s of CPU); "
        f"peak memory {_peak():,.0f} MiB"
    )
    if kept is not None:
        _queue(cases, kept)
    return 0


def said_about(cases: int, many: int) -> Iterator[Draft]:
    """Signed entries about cases: claims and reviews in turn."""
    private = private_key()
    for n in range(many):
        case = _case(n // 2 % cases)
        kind, body = ("claimed", {"case": case.id, "role": "hr"}) if n % 2 == 0 else _review(case)
        yield new_draft(LEDGER, kind, body).signed(private)  # type: ignore[arg-type]


def private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"\7" * 32)


def _queue(cases: int, entries: list[Entry]) -> None:
    desk = Desk(
        cases=tuple(_case(n) for n in range(cases)),
        demands=Demands(roles={}, keep_apart={}),
        result="",
        ledger=LEDGER,
        entries=tuple(entries),
        keyring=_keyring(),
    )
    begun, cpu = perf_counter(), process_time()
    numbers = counted(desk.queue(datetime.now(UTC).date()), desk)
    took, cpu = perf_counter() - begun, process_time() - cpu
    print(
        f"queue of {cases:,} cases and {len(entries):,} entries: {took:.1f} s ({cpu:.1f} s of "
        f"CPU), {numbers['records']:,} records; peak memory {_peak():,.0f} MiB"
    )


def _review(case: Case) -> tuple[str, dict[str, object]]:
    (decision,) = case.decisions
    settled = {
        "identity": decision.identity, "rules": ["p/near"], "model": "unfavorable",
        "final": "unfavorable", "outcome": "kept",
    }  # fmt: skip
    return "reviewed", {
        "case": case.id, "result": "0" * 64, "role": "hr", "settles": [settled],
        "trained_on": _TRAINED.isoformat(), "may_change": True, "considered": ["CV"],
        "explanation_shown": ["reasons"], "takes_effect": "2099-01-01", "reason_codes": [],
        "statement": "none-given", "seconds": 90, "first": None, "conflict": False,
        "corrects": None,
    }  # fmt: skip


def _case(n: int) -> Case:
    rule = FlaggedRule(
        name="p/near", policy="p", mandatory=True, reason="Close to the line.", evidence="",
        factors="", reviewer="hr", due=None, readers=1,
    )  # fmt: skip
    decision = FlaggedDecision(
        identity=f"{n:032x}", decision=f"A-{n}", outcome="unfavorable", score="0.51",
        model_version="v1", rules=(rule,),
    )  # fmt: skip
    return Case(id=f"c{n:031x}", decisions=(decision,))


def _checkpoint(ledger: SqliteLedger) -> Checkpoint:
    leaves = [leaf_hash(row.content) for row in ledger.rows()]
    return sign_checkpoint(ledger.name, len(leaves), Tree(leaves).root(), private_key())


def _keyring() -> Keyring:
    holder = Holder(
        name="Ada", key=key_text(public_bytes(private_key())), roles=("hr", ROLE),
        start=date(2026, 1, 1), until=None, trained_on=_TRAINED, may_change=True,
    )  # fmt: skip
    return Keyring(path="ring.yaml", holders=(holder,))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
