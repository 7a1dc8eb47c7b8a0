"""What is measured: one task is one process. Nothing heavy is imported here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

AUDITOR, AUDIT, GROUP_BY = "auditor", "auditor.audit", "GROUP BY"
METRIC_FRAMES = ("MetricFrame, rates", "MetricFrame, rates and counts")
HOT = ("build_cube", "doubled_mid_p", "judge_condition", "take_steps")

MOST_CSV_ROWS = 1_000_000
MOST_METRIC_FRAME_ROWS = 1_000_000
"""Its time grows with the rows: at ten times as many, minutes a repetition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One measurement in a process of its own.

    ``source`` is ``parquet``, ``csv``, ``frame`` or ``memory``; with ``scores`` the score column
    is read and counted too. ``rows`` of a hot function is the size of its input.
    """

    contestant: str
    source: str
    rows: int
    scores: bool = False

    @property
    def file_kind(self) -> str:
        """Kind of the file that the data come from; a frame is read from Parquet."""
        return "csv" if self.source == "csv" else "parquet"

    @property
    def work(self) -> tuple[int, str, bool]:
        """What contestants do side by side: the same rows, source and columns."""
        return self.rows, self.source, self.scores


def tasks(rows: Iterable[int]) -> Iterator[Task]:
    """All tasks of a round, contestants of the same work next to each other."""
    for n in rows:
        for source in ("parquet", "csv", "frame"):
            if source == "csv" and n > MOST_CSV_ROWS:
                continue
            for contestant in (AUDITOR, AUDIT, GROUP_BY):
                yield Task(contestant=contestant, source=source, rows=n)
            if source == "frame" and n <= MOST_METRIC_FRAME_ROWS:
                for contestant in METRIC_FRAMES:
                    yield Task(contestant=contestant, source=source, rows=n)
            for contestant in (AUDITOR, GROUP_BY):
                yield Task(contestant=contestant, source=source, rows=n, scores=True)
    yield Task(contestant="build_cube", source="memory", rows=10_000_000)
    yield Task(contestant="doubled_mid_p", source="memory", rows=5_000)
    yield Task(contestant="judge_condition", source="memory", rows=10_000_000)
    yield Task(contestant="take_steps", source="memory", rows=1_000)
