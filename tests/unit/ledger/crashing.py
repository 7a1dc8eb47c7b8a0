"""Writers of one ledger, killed while they write; what they were told is stored, is stored.

Run as a program, so that it may fork: ``python -m tests.unit.ledger.crashing MODE FILE ...``. A
writer says the id of an entry in a pipe only after ``append`` has returned.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

from auditor.errors import AuditorError
from auditor.ledger import Words, new_draft, open_ledger
from auditor.ledger.addresses import is_server
from auditor.ledger.checkpoint import sign_checkpoint
from auditor.ledger.sqlite import SqliteLedger, make_ledger
from auditor.ledger.verification import verify_ledger
from tests.unit.ledger.conftest import private_of

FRESH = 40
BODY = {"case": "c" * 32, "role": "hr", "to_role": "head"}


def write(path: Path | str, pipe: int, most: int | None = None) -> None:
    """Append entries with words, and say the id of each when it is acknowledged."""
    with closing(open_ledger(path)) as ledger:
        done = 0
        while most is None or done < most:
            words = Words(text="why " * random.randrange(1, 200))  # noqa: S311
            draft = new_draft(ledger.name, "escalated", BODY, words={"why": words})
            ledger.append([draft], {(draft.id, "why"): words})
            os.write(pipe, f"{draft.id}\n".encode())
            done += 1


def started(path: Path | str, pipe: int, most: int | None = None) -> int:
    """Process that writes; it ends with 3 when it is refused."""
    child = os.fork()
    if child == 0:
        code = 0
        try:
            write(path, pipe, most)
        except AuditorError as refused:
            sys.stderr.write(f"{refused}\n")
            code = 3
        os._exit(code)
    return child


def killed(path: Path, writers: int, rng: random.Random) -> set[str]:
    """Let writers write, kill all of them somewhere, and give what was acknowledged."""
    read, pipe = os.pipe()
    children = [started(path, pipe) for _ in range(writers)]
    os.close(pipe)
    select.select([read], [], [], 30)
    time.sleep(rng.random() * 0.04)
    for child in children:
        os.kill(child, signal.SIGKILL)
    for child in children:
        os.waitpid(child, 0)
    with os.fdopen(read) as file:
        return {line.rstrip("\n") for line in file if line.endswith("\n")}


def kill(path: Path, kills: int, writers: int) -> dict[str, int]:
    """Kill so many times; after each, all that was ever acknowledged has to be there.

    Every so many kills it begins anew: a long ledger takes longer to verify than to write.
    """
    rng = random.Random(f"{kills} {writers}")  # noqa: S311
    counts = {"acknowledged": 0, "lost": 0, "broken": 0}
    for first in range(0, kills, FRESH):
        place = path.with_name(f"{first}.db")
        make_ledger(place, "reviews").close()
        acknowledged: set[str] = set()
        checkpoint = None
        for _ in range(min(FRESH, kills - first)):
            acknowledged |= killed(place, writers, rng)
            with SqliteLedger(place) as ledger:
                there = {row.id for row in ledger.rows()}
                found = verify_ledger(ledger, [] if checkpoint is None else [checkpoint])
                counts["lost"] += len(acknowledged - there)
                counts["broken"] += not found.holds
                checkpoint = sign_checkpoint(ledger.name, found.size, found.root, private_of("log"))
        counts["acknowledged"] += len(acknowledged)
    return counts


def together(path: Path | str, writers: int, each: int) -> dict[str, object]:
    """Let writers write at once, and see whether all of it is there, in order."""
    read, pipe = os.pipe()
    children = [started(path, pipe, each) for _ in range(writers)]
    os.close(pipe)
    with os.fdopen(read) as file:
        acknowledged = {line.rstrip("\n") for line in file}
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    with closing(open_ledger(path)) as ledger:
        numbers = [row.seq for row in ledger.rows()]
        there = {row.id for row in ledger.rows()}
        found = verify_ledger(ledger)
    return {
        "codes": codes,
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - there),
        "in order": numbers == list(range(writers * each + 1)),
        "holds": found.holds,
    }


def child_uses_the_ledger_of_its_parent(path: Path) -> dict[str, object]:
    """Fork while a ledger is open, and use it in the child."""
    ledger = SqliteLedger(path)
    read, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            ledger.append([new_draft("reviews", "claimed", {"case": "c", "role": "hr"})])
        except AuditorError as refused:
            os.write(pipe, refused.problems[0].slug.encode())
        ledger.close()
        os._exit(0)
    os.waitpid(child, 0)
    said = os.read(read, 100).decode()
    (entry,) = ledger.append([new_draft("reviews", "claimed", {"case": "c", "role": "hr"})])
    ledger.close()
    return {"said": said, "seq": entry.seq}


if __name__ == "__main__":
    mode, file, *numbers = sys.argv[1:]
    modes = {"kill": kill, "together": together, "fork": child_uses_the_ledger_of_its_parent}
    sys.stdout.write(
        json.dumps(modes[mode](file if is_server(file) else Path(file), *map(int, numbers)))
    )
