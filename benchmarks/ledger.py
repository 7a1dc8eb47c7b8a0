"""Measure how long a ledger takes to store entries one by one, and to verify a large one.

``python -m benchmarks.ledger``; the files lie in a folder of their own, which is removed.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.ledger import Draft, Words, new_draft
from auditor.ledger.sqlite import SqliteLedger, make_ledger
from auditor.ledger.verification import verify_ledger
from benchmarks.machine import described

_AT_ONCE = 5_000
_WORDS = Words(text="Spoke with the hiring manager; the gap in the CV is parental leave.")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--appends", type=int, default=100_000, help="one by one (100000)")
    parser.add_argument("--verify", type=int, default=1_000_000, help="entries (1000000)")
    parser.add_argument("--dir", type=Path, help="on which disk (that of temporary files)")
    asked = parser.parse_args(arguments)
    print("\n".join(described()))
    with tempfile.TemporaryDirectory(dir=asked.dir) as folder:
        _appends(Path(folder) / "appends.db", asked.appends)
        _verify(Path(folder) / "verify.db", asked.verify)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Peak memory {peak:,.0f} MiB")
    return 0


def _appends(place: Path, many: int) -> None:
    with make_ledger(place, "appends") as ledger:
        waits: list[float] = []
        for draft in _drafts(many):
            begun = perf_counter()
            ledger.append([draft], {(draft.id, "why"): _WORDS})
            waits.append(perf_counter() - begun)
    waits.sort()
    print(
        f"{many:,} signed entries with words, one by one: {sum(waits):.1f} s, "
        f"{many / sum(waits):,.0f} a second; median {1000 * waits[many // 2]:.1f} ms, "
        f"99 in 100 below {1000 * waits[int(0.99 * many)]:.1f} ms; "
        f"{place.stat().st_size / many:,.0f} bytes an entry"
    )


def _verify(place: Path, many: int) -> None:
    with make_ledger(place, "appends") as ledger:
        for drafts in _chunks(many):
            ledger.append(drafts, {(draft.id, "why"): _WORDS for draft in drafts})
    with SqliteLedger(place, read_only=True) as ledger:
        begun = perf_counter()
        found = verify_ledger(ledger)
        took = perf_counter() - begun
    assert found.holds
    print(f"{found.size:,} entries verified in {took:.1f} s, {1e6 * took / many:,.0f} us an entry")


def _drafts(many: int) -> Iterator[Draft]:
    private = Ed25519PrivateKey.generate()
    body = {"case": "c" * 32, "role": "hr", "to_role": "head"}
    for _ in range(many):
        yield new_draft("appends", "escalated", body, words={"why": _WORDS}).signed(private)


def _chunks(many: int) -> Iterator[list[Draft]]:
    chunk: list[Draft] = []
    for draft in _drafts(many):
        chunk.append(draft)
        if len(chunk) == _AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


if __name__ == "__main__":
    raise SystemExit(main())
