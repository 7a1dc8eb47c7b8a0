"""Measure speed and memory beside fairlearn's MetricFrame and a bare GROUP BY; `make bench`.

Every measurement runs in a process of its own, the contestants take turns, and nothing here decides
about success: only rates that differ between contestants are an error.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.machine import described, plain_environment
from benchmarks.measure import WARM_UP_ROWS, Measurement
from benchmarks.summary import Rounds, disagreements, summary
from benchmarks.tasks import HOT, Task, tasks

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _arguments(arguments)
    todo = list(tasks(asked.rows))
    from_files = [task for task in todo if task.contestant not in HOT]
    for rows, kind in sorted(
        {(n, t.file_kind) for t in from_files for n in (WARM_UP_ROWS, t.rows)}
    ):
        _process("benchmarks.applicants", str(asked.dir), str(rows), kind)
    print("\n".join(described()))
    load = [f"{os.getloadavg()[0]:.1f}"]
    rounds = []
    for number in range(asked.repeat):
        rounds.append([_measured(task, asked.dir, number) for task in todo])
        load.append(f"{os.getloadavg()[0]:.1f}")
    made = [m for one in rounds for m in one]
    print(f"BLAS kernels: {', '.join(sorted({m.kernels for m in made}))}")
    print(f"Load before and after each round: {', '.join(load)}; rounds: {asked.repeat}\n")
    print("\n".join(summary(Rounds(rounds))))
    wrong = list(disagreements(made))
    print("\n".join(wrong) or "All contestants gave the same rates in every round.")
    return 1 if wrong else 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    place = Path(tempfile.gettempdir()) / "auditor-benchmarks"
    parser.add_argument("--dir", type=Path, default=place, help=f"where data are kept ({place})")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--repeat", type=int, default=3, help="rounds of all measurements (3)")
    return parser.parse_args(arguments)


def _measured(task: Task, directory: Path, number: int) -> Measurement:
    made = Measurement.from_json(
        _process("benchmarks.measure", json.dumps(asdict(task)), str(directory))
    )
    what = f"{task.contestant}, {task.rows:,}, {task.source}{', score' if task.scores else ''}"
    print(f"round {number + 1}: {what}: {made.wall:.2f} s", file=sys.stderr)
    return made


def _process(module: str, *arguments: str) -> str:
    """Run a module in a fresh process.

    This one stays small: the peak of a child begins with the memory of its parent.
    """
    ran = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=plain_environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return ran.stdout


if __name__ == "__main__":
    sys.exit(main())
