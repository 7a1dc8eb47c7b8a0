"""What people typed and could not send: kept in memory until they come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Fields = Mapping[str, tuple[str, ...]]
"""Fields of a form with all of their values."""

_KEPT = timedelta(hours=24)
_MOST, _MOST_EACH = 500, 20


@dataclass(slots=True)
class Drafts:
    """Fields by person and case; never written to a disk."""

    _kept: dict[tuple[str, str], tuple[datetime, Fields]] = field(default_factory=dict)

    def keep(self, who: str, case: str, fields: Fields, now: datetime) -> None:
        """Keep them in the place of earlier ones; an empty form replaces nothing."""
        self._forget(now)
        if not fields:
            return
        self._kept.pop((who, case), None)
        own = [at for at in self._kept if at[0] == who]
        for at in own[: max(0, len(own) + 1 - _MOST_EACH)]:
            del self._kept[at]
        self._kept[who, case] = (now, fields)

    def of(self, who: str, case: str) -> Fields | None:
        """Give what is kept, where something is."""
        found = self._kept.get((who, case))
        return None if found is None else found[1]

    def drop(self, who: str, case: str) -> None:
        """Forget what is on record now."""
        self._kept.pop((who, case), None)

    def _forget(self, now: datetime) -> None:
        old = [key for key, (at, _) in self._kept.items() if now - at > _KEPT]
        for key in [*old, *list(self._kept)[: max(0, len(self._kept) - _MOST)]]:
            self._kept.pop(key, None)
