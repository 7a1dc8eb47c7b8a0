"""Medians, spreads and ratios of what was measured, as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from benchmarks.contestants import Rates
from benchmarks.measure import Measurement
from benchmarks.tasks import AUDIT, AUDITOR, GROUP_BY, HOT, METRIC_FRAMES, Task

CLOSE = 1e-12
"""Rates of all contestants agree to this; they are quotients of the same integers."""

LEAST_RATIO, MOST_PEAK, MOST_DISTANCE = 100, 1024**3 / 1e6, 3
"""MetricFrame's time over ours, peak from a file in MB, our time over the bare GROUP BY's."""

LEAST_ROWS = 1_000_000
"""On fewer rows, opening the file and reading the policy take longer than the rows."""


class Rounds:
    """All measurements, one of every task a round; ratios are taken within a round."""

    def __init__(self, rounds: Sequence[Sequence[Measurement]]) -> None:
        self.of: dict[Task, list[Measurement]] = {m.task: [] for m in rounds[0]}
        for measurement in (m for one in rounds for m in one):
            self.of[measurement.task].append(measurement)

    def find(self, contestant: str, work: tuple[int, str, bool]) -> list[Measurement]:
        """Measurements of a contestant at some work, one a round; empty when it was not in it."""
        rows, source, scores = work
        task = Task(contestant=contestant, source=source, rows=rows, scores=scores)
        return self.of.get(task, [])

    def works(self) -> list[tuple[int, str, bool]]:
        """Everything that contestants did side by side."""
        return list(dict.fromkeys(t.work for t in self.of if t.contestant not in HOT))


def summary(rounds: Rounds) -> Iterator[str]:
    """Lines of the whole report."""
    yield from _table(
        ["rows", "from", "columns", "what", "wall s", "CPU s", "peak MB", "added MB"],
        [_line(task, made) for task, made in rounds.of.items() if task.contestant not in HOT],
    )
    yield ""
    yield from _table(["rows", "compared", "CPU", "wall"], _ratios(rounds))
    yield ""
    hot = {task: made for task, made in rounds.of.items() if task.contestant in HOT}
    yield from _table(
        ["function", "size", "wall ms", "CPU ms", "added MB"],
        [_hot_line(task, made) for task, made in hot.items()],
    )
    yield ""
    yield from _noise(rounds)
    yield from _expected(rounds)


def disagreements(measurements: Iterable[Measurement]) -> Iterator[str]:
    """Rates in which a contestant differs from the first one with the same rows."""
    first: dict[int, Measurement] = {}
    for made in measurements:
        if made.task.contestant in HOT:
            continue
        reference = first.setdefault(made.task.rows, made)
        if not _same(made.rates, reference.rates):
            yield f"{made.task} and {reference.task} give other rates"


def _same(a: Rates, b: Rates) -> bool:
    return a.keys() == b.keys() and all(
        a[view].keys() == b[view].keys()
        and all(abs(rate - b[view][group]) <= CLOSE for group, rate in a[view].items())
        for view in a
    )


def spread(values: Sequence[float], digits: int) -> str:
    """Median with the smallest and the largest, such as ``1.20 (1.15 to 1.41)``.

    Examples
    --------
    >>> spread([1.0, 3.0, 2.0], 1)
    '2.0 (1.0 to 3.0)'
    """
    low, middle, high = (f"{v:,.{digits}f}" for v in (min(values), median(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({low} to {high})"


def _line(task: Task, made: Sequence[Measurement]) -> list[str]:
    added = [m.added for m in made if m.added is not None]
    return [
        f"{task.rows:,}",
        task.source,
        "groups, outcome, score" if task.scores else "groups, outcome",
        task.contestant,
        spread([m.wall for m in made], 3),
        spread([m.cpu for m in made], 3),
        spread([m.peak for m in made], 0),
        spread(added, 0) if added and task.source == "frame" else "",
    ]


def _hot_line(task: Task, made: Sequence[Measurement]) -> list[str]:
    added = [m.added for m in made if m.added is not None]
    return [
        task.contestant,
        f"{task.rows:,}",
        spread([1000 * m.wall for m in made], 1),
        spread([1000 * m.cpu for m in made], 1),
        spread(added, 0) if added else "",
    ]


def _ratios(rounds: Rounds) -> Iterator[list[str]]:
    for work in rounds.works():
        ours = rounds.find(AUDITOR, work)
        yield _ratio(work, f"{AUDITOR} / {GROUP_BY}", ours, rounds.find(GROUP_BY, work))
        if whole := rounds.find(AUDIT, work):
            yield _ratio(work, f"{AUDIT} / {AUDITOR}", whole, ours)
        for name, theirs in _metric_frames(rounds, work):
            yield _ratio(work, f"({name}) / {AUDITOR}", theirs, ours)


def _metric_frames(
    rounds: Rounds, work: tuple[int, str, bool]
) -> Iterator[tuple[str, list[Measurement]]]:
    """MetricFrame starts from a frame in memory; files are compared with that, in its favour."""
    rows, _, scores = work
    for name in METRIC_FRAMES:
        theirs = rounds.find(name, (rows, "frame", False))
        if theirs and not scores:
            yield name, theirs


def _ratio(
    work: tuple[int, str, bool], what: str, over: list[Measurement], under: list[Measurement]
) -> list[str]:
    rows, source, scores = work
    return [
        f"{rows:,}",
        f"{what}, from {source}{' with score' if scores else ''}",
        spread([a.cpu / b.cpu for a, b in zip(over, under, strict=True)], 1),
        spread([a.wall / b.wall for a, b in zip(over, under, strict=True)], 1),
    ]


def _noise(rounds: Rounds) -> Iterator[str]:
    everything = [m for made in rounds.of.values() for m in made]
    walls, cpus = zip(*(loop for m in everything for loop in m.loops), strict=True)
    yield (
        f"Noise: the same loop took {spread([1000 * w for w in walls], 1)} ms wall and "
        f"{spread([1000 * c for c in cpus], 1)} ms CPU, before and after every measurement."
    )
    starts: dict[str, list[float]] = {}
    for task, made in rounds.of.items():
        starts.setdefault(task.contestant, []).extend(m.start for m in made)
    shown = ", ".join(f"{name} {spread(s, 1)}" for name, s in starts.items() if name not in HOT)
    yield f"Imports and warm-up, not in the tables, in s: {shown}."


def _expected(rounds: Rounds) -> Iterator[str]:
    """What was hoped for, and whether it came: for a reader, never for an exit code."""
    for work in rounds.works():
        rows, source, scores = work
        if rows < LEAST_ROWS:
            continue
        name = f"{rows:,} rows from {source}{' with score' if scores else ''}"
        ours = rounds.find(AUDITOR, work)
        for their_name, theirs in _metric_frames(rounds, work):
            if source != "csv":
                times = median(a.cpu / b.cpu for a, b in zip(theirs, ours, strict=True))
                what = f"{name}: CPU of ({their_name}) over ours"
                yield _said(what, times, times >= LEAST_RATIO, f"at least {LEAST_RATIO}")
        if source != "frame":
            peak = max(m.peak for m in ours)
            yield _said(f"{name}: peak MB", peak, peak < MOST_PEAK, f"under {MOST_PEAK:,.0f}")
        bare = rounds.find(GROUP_BY, work)
        distance = median(a.cpu / b.cpu for a, b in zip(ours, bare, strict=True))
        what = f"{name}: our CPU over the GROUP BY's"
        yield _said(what, distance, distance <= MOST_DISTANCE, f"at most {MOST_DISTANCE}")


def _said(what: str, value: float, kept: bool, limit: str) -> str:
    return f"- {'as expected' if kept else 'not as expected'}: {what}: {value:,.1f} ({limit})"


def _table(head: list[str], lines: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for line in lines:
        yield f"| {' | '.join(line)} |"
