from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, cast

from pydantic import BaseModel

from auditor.system.entries import ASKS, BY_AUDIENCE, LISTED, Value, below, entry_of
from auditor.system.schema import RecordBody


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SystemRecord:
    """What is on record about one system.

    ``items`` are the values of every entry by the rest of their way: one item for most entries,
    several for targets, alternatives and notices; an entry that nobody wrote has none or an empty
    one. ``sha256`` is of the bytes of the file.
    """

    id: str
    name: str
    path: str
    sha256: str
    items: Mapping[str, tuple[Mapping[str, Value], ...]] = field(repr=False)

    def gaps(self, path: str) -> tuple[str, ...]:
        """Values below a way that are not answered, in the order of the grammar."""
        return tuple(leaf for leaf in below(path) if not self._answered(leaf))

    def values(self, leaf: str) -> tuple[Value, ...]:
        """Give what stands under a way to one value: several for what is listed, none for a gap."""
        entry = entry_of(leaf)
        key = leaf.removeprefix(f"{entry}.")
        return tuple(item[key] for item in self.items[entry] if key in item)

    def dates(self, leaf: str) -> tuple[date, ...]:
        """Dates that stand under a way, in order."""
        return tuple(sorted(day for day in self.values(leaf) if isinstance(day, date)))

    def stands_since(self, leaf: str) -> date | None:
        """Day from which what is dated stands: the first notice, and the last item of a list."""
        days = self.dates(leaf)
        return None if not days else days[-1] if entry_of(leaf) in LISTED else days[0]

    def head(self, key: str) -> str | None:
        """One value of the head: vendor, version, model_digest or openness."""
        found = self.values(f"system.{key}")
        return str(found[0]) if found else None

    def _answered(self, leaf: str) -> bool:
        if leaf == "health_data.basis" and self.values("health_data.used") == ("no",):
            return True  # what is not used needs no basis
        found = self.values(leaf)
        if leaf == "system.openness":
            return found not in ((), ("unknown",))
        # a half-written item of a list is a gap
        return bool(found) and len(found) == len(self.items[entry_of(leaf)])


def record_of(body: RecordBody, *, path: str, sha256: str) -> SystemRecord:
    """Record of a file that its grammar accepts."""
    written = _written(body)
    return SystemRecord(
        id=body.system.id,
        name=body.system.name,
        path=path,
        sha256=sha256,
        items={entry: tuple(_items(written, entry)) for entry in ASKS},
    )


def _items(written: Mapping[str, Any], entry: str) -> list[dict[str, Value]]:
    first, _, rest = entry.partition(".")
    if first == BY_AUDIENCE:
        found = [item for item in written[first] if item["to"] == rest]
    elif entry in LISTED:
        found = list(written[entry])
    else:
        found = [written[first][rest] if rest else written[first]]
    return [{k: v for k, v in _flat(item, "") if k not in ("to", "id", "name")} for item in found]


def _written(model: BaseModel) -> dict[str, Any]:
    """Nested values of a model by the keys that people write; a dump would turn numbers to text."""

    def plain(value: Any) -> Any:
        if isinstance(value, BaseModel):
            return _written(value)
        return [plain(item) for item in value] if isinstance(value, tuple) else value

    fields = type(model).model_fields
    return {field.alias or name: plain(getattr(model, name)) for name, field in fields.items()}


def _flat(item: Mapping[str, Any], at: str) -> list[tuple[str, Value]]:
    flat: list[tuple[str, Value]] = []
    for key, value in item.items():
        if isinstance(value, Mapping):
            flat += _flat(value, f"{at}{key}.")
        elif value is not None:
            flat.append((f"{at}{key}", _as_read(value)))
    return flat


def _as_read(value: Any) -> Value:
    """Value as people read it: an exact number as a decimal where that is short."""
    if not isinstance(value, Fraction):
        return cast("Value", value)
    short = f"{float(value):g}"
    return short if Fraction(short) == value else str(value)
