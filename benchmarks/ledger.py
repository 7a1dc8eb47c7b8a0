"""Measure how long a ledger takes to store entries, to be verified, and to give a queue.

``python -m benchmarks.ledger``; the files lie in a folder of their own, which is removed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter

from auditor.ledger import Draft, Words, new_draft
from auditor.ledger.sqlite import make_ledger
from benchmarks.ledger_readers import LEDGER, private_key, said_about
from benchmarks.machine import described

_WORDS = Words(text="Spoke with the hiring manager; the gap in the CV is parental leave.")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--appends", type=int, default=100_000, help="one by one (100000)")
    parser.add_argument("--verify", type=int, default=1_000_000, help="entries (1000000)")
    parser.add_argument("--queue", type=int, default=100_000, help="entries of a queue (100000)")
    parser.add_argument("--cases", type=int, default=1_000, help="its cases (1000)")
    parser.add_argument("--dir", type=Path, help="on which disk (that of temporary files)")
    asked = parser.parse_args(arguments)
    print("\n".join(described()))
    with tempfile.TemporaryDirectory(dir=asked.dir) as folder:
        for at_once in (1, 100, 5_000):
            _append(Path(folder) / f"by-{at_once}.db", asked.appends, at_once)
        for signed in (True, False):
            place = Path(folder) / f"signed-{signed}.db"
            _fill(place, _drafts(asked.verify, signed=signed), 5_000)
            _read(place, 0)
            if signed:
                _read(place, 0, "since")
        place = Path(folder) / "queue.db"
        _fill(place, said_about(asked.cases, asked.queue), 5_000)
        _read(place, asked.cases)
    return 0


def _append(place: Path, many: int, at_once: int) -> None:
    waits = sorted(_fill(place, _drafts(many, signed=True), at_once))
    print(
        f"{many:,} signed entries with words, {at_once:,} at a time: {sum(waits):.1f} s, "
        f"{many / sum(waits):,.0f} a second; a step takes {1000 * waits[len(waits) // 2]:.1f} ms "
        f"(median), 99 in 100 below {1000 * waits[int(0.99 * len(waits))]:.1f} ms; "
        f"{place.stat().st_size / many:,.0f} bytes an entry"
    )


def _fill(place: Path, drafts: Iterator[Draft], at_once: int) -> list[float]:
    """Store entries, so many at a time; seconds of each step, making and signing left out."""
    waits: list[float] = []
    with make_ledger(place, LEDGER) as ledger:
        while chunk := list(islice(drafts, at_once)):
            words = {(draft.id, name): _WORDS for draft in chunk for name in draft.words}
            begun = perf_counter()
            ledger.append(chunk, words)
            waits.append(perf_counter() - begun)
    return waits


def _read(place: Path, cases: int, *how: str) -> None:
    """In a process of its own: this one remembers which signatures are genuine."""
    command = [sys.executable, "-m", "benchmarks.ledger_readers", str(place), str(cases), *how]
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")


def _drafts(many: int, *, signed: bool) -> Iterator[Draft]:
    private = private_key()
    body = {"case": "c" * 32, "role": "hr", "to_role": "head"}
    for _ in range(many):
        draft = new_draft(LEDGER, "escalated", body, words={"why": _WORDS})
        yield draft.signed(private) if signed else draft


if __name__ == "__main__":
    raise SystemExit(main())
