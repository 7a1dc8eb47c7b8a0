"""One measurement in this process: ``python -m benchmarks.measure TASK DIRECTORY``."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.applicants import READ, file_of
from benchmarks.contestants import CONTESTANTS, Contestant, Given, Rates
from benchmarks.hot_functions import HOT_FUNCTIONS
from benchmarks.machine import calibration, forget_peak, kernels, peak_mb
from benchmarks.tasks import Task

WARM_UP_ROWS = 1_000
"""Rows on which a contestant runs before it is measured: imports and first uses are over then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Seconds and megabytes of one task.

    ``start`` are the seconds of imports and warm-up, ``loops`` the wall and CPU seconds of the
    calibration loop before and after. ``added`` is the peak above what was resident before, with
    the data of a frame loaded; None where the system cannot tell.
    """

    task: Task
    wall: float
    cpu: float
    start: float
    peak: float
    added: float | None
    loops: tuple[tuple[float, float], tuple[float, float]]
    kernels: str
    rates: Rates = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> Measurement:
        """Measurement as a process printed it."""
        read = json.loads(text)
        return cls(**{**read, "task": Task(**read["task"])})


def measure(task: Task, directory: Path) -> Measurement:
    """Warm up, get the data ready, then run the contestant once with the clocks on."""
    began = time.perf_counter()
    if task.contestant in HOT_FUNCTIONS:
        make = HOT_FUNCTIONS[task.contestant]
        make(10)()
        start = time.perf_counter() - began
        return _timed(task, make(task.rows), start)
    contestant = CONTESTANTS[task.contestant]
    contestant.run(_given(replace(task, rows=WARM_UP_ROWS), directory))
    start = time.perf_counter() - began
    given = _given(task, directory)
    return _timed(task, lambda: contestant.run(given), start, contestant)


def _given(task: Task, directory: Path) -> Given:
    path = str(file_of(directory, task.rows, task.file_kind))
    if task.source != "frame":
        return Given(data=path, source=task.source, scores=task.scores)
    import pandas as pd

    frame = pd.read_parquet(path, columns=list(READ))
    return Given(data=frame, source=task.source, scores=task.scores)


def _timed(
    task: Task, run: Callable[[], Any], start: float, contestant: Contestant | None = None
) -> Measurement:
    before_loop = calibration()
    gc.collect()
    before = forget_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = peak_mb()
    return Measurement(
        task=task,
        wall=wall,
        cpu=cpu,
        start=start,
        peak=peak,
        added=None if before is None else peak - before,
        loops=(before_loop, calibration()),
        kernels=kernels(),
        rates=contestant.rates(result) if contestant else {},
    )


if __name__ == "__main__":
    print(json.dumps(asdict(measure(Task(**json.loads(sys.argv[1])), Path(sys.argv[2])))))
