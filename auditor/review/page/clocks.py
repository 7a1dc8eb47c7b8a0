"""How long people looked: from showing a step to sending it, without the pauses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

MOST_BETWEEN = 30 * 60
"""Seconds that count at most between two signs of life: who walked away did not look."""


@dataclass(slots=True)
class _Clock:
    seconds: float = 0
    since: datetime | None = None


@dataclass(slots=True)
class Clocks:
    """One clock for each person and case; it is lost when the page is started anew."""

    _clocks: dict[tuple[str, str], _Clock] = field(default_factory=dict)

    def start(self, who: str, case: str, now: datetime) -> None:
        """Let it run from now; one that runs goes on."""
        clock = self._clocks.setdefault((who, case), _Clock())
        if clock.since is None:
            clock.since = now

    def stop(self, who: str, case: str, now: datetime) -> None:
        """Let it stand."""
        clock = self._clocks.get((who, case))
        if clock is not None and clock.since is not None:
            passed = (now - clock.since).total_seconds()
            clock.seconds += min(max(passed, 0), MOST_BETWEEN)
            clock.since = None

    def seconds(self, who: str, case: str, now: datetime) -> int | None:
        """Whole seconds until now; None where it never ran, which is not the same as none."""
        self.tick(who, case, now)
        clock = self._clocks.get((who, case))
        return None if clock is None else round(clock.seconds)

    def tick(self, who: str, case: str, now: datetime) -> None:
        """Take a sign of life: what passed until now counts, and it runs on."""
        clock = self._clocks.get((who, case))
        if clock is not None and clock.since is not None:
            self.stop(who, case, now)
            clock.since = now

    def paused(self, who: str, case: str) -> bool:
        """Whether it ran and stands."""
        clock = self._clocks.get((who, case))
        return clock is not None and clock.since is None

    def drop(self, who: str, case: str) -> None:
        """Forget it: what it measured is on record."""
        self._clocks.pop((who, case), None)
