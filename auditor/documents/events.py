"""Events of a YAML text, read once: first looked at, then made into nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ruamel.yaml.events import Event


class Kept:
    """Hands events on and keeps them, so that the text, which takes longest, is read once."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = events
        self._seen: list[Event] = []

    def __iter__(self) -> Iterator[Event]:
        for event in self._events:
            self._seen.append(event)
            yield event

    def replayed(self, loader: Any) -> Replay:
        """Stand in for the parser of a loader."""
        return Replay(self._seen, loader)


class Replay:
    """The part of a ruamel.yaml parser that its composer asks, over events that are known."""

    def __init__(self, events: list[Event], loader: Any) -> None:
        self._events = events
        self._next = 0
        loader._parser = self

    def check_event(self, *kinds: type[Event]) -> bool:
        """Whether there is a next event, of one of these kinds."""
        return self._next < len(self._events) and isinstance(self.peek_event(), kinds)

    def peek_event(self) -> Event:
        """Next event, which stays the next."""
        return self._events[self._next]

    def get_event(self) -> Event:
        """Take the next event."""
        self._next += 1
        return self._events[self._next - 1]

    def dispose(self) -> None:
        """Forget nothing: the events belong to whoever kept them."""
