"""Forms as they arrive: plain fields with all of their values, never more than there can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

MOST_FIELDS = 1000
LONGEST = 20_000
"""Letters of one field; what is longer is given back whole, and not recorded."""

_NOT_TYPED = frozenset(("token", "role", "to_role", "review"))


@dataclass(frozen=True, slots=True)
class Form:
    """Fields of a form, by name."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, body: bytes) -> Form:
        """Read the body of a request; what is no form has no fields."""
        try:
            pairs = parse_qsl(
                body.decode("ascii", "replace"),
                keep_blank_values=True,
                errors="replace",
                max_num_fields=MOST_FIELDS,
            )
        except ValueError:
            return cls()
        found: dict[str, tuple[str, ...]] = {}
        for name, value in pairs:
            found[name] = (*found.get(name, ()), _plain(value))
        return cls(found)

    def one(self, name: str) -> str:
        """Value of a field; nothing where it stands never or twice."""
        values = self.fields.get(name, ())
        return values[0].strip() if len(values) == 1 else ""

    def many(self, name: str) -> tuple[str, ...]:
        """Every value of a field that is more than blanks."""
        return tuple(value.strip() for value in self.fields.get(name, ()) if value.strip())

    def words(self) -> dict[str, tuple[str, ...]]:
        """Give what somebody typed or ticked, without what the page itself wrote into the form."""
        return {
            name: values
            for name, values in self.fields.items()
            if name not in _NOT_TYPED and any(value.strip() for value in values)
        }

    @property
    def too_long(self) -> tuple[str, ...]:
        """Fields with more letters than can be recorded."""
        return tuple(
            name
            for name, values in self.fields.items()
            if any(len(value) > LONGEST for value in values)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that is wrong in a form: the field that it is said at, and a sentence."""

    at: str
    says: str


@dataclass(frozen=True, slots=True)
class Wrongs:
    """Everything that is wrong in a form, in the order of its fields."""

    found: tuple[Wrong, ...] = ()

    def __iter__(self) -> Iterator[Wrong]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def of(self, at: str) -> str:
        """Say what is wrong with one field; nothing where nothing is."""
        return " ".join(one.says for one in self.found if one.at == at)


def _plain(value: str) -> str:
    """Text without characters that nobody types: they command terminals and programs."""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or (c >= " " and not "\x7f" <= c <= "\x9f"))
