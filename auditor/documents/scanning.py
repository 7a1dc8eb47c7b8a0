"""The scanner of YAML texts, which stops where brackets lie too deep inside one another."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scanner import Scanner


class TooDeepError(MarkedYAMLError):
    """The text opens a bracket below as many levels as a file may have."""


def no_deeper_than(deepest: int) -> type[Scanner]:
    """Scanner that refuses one level more.

    Events, by which every other level is counted, come late: before it lets the first bracket go,
    the scanner looks 1,024 characters ahead for a key, and at each of them through all that are
    open. What is open here is never more than the levels of those events.
    """

    class Shallow(Scanner):
        def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803
            if len(self.indents) + self.flow_level >= deepest:
                raise TooDeepError(problem_mark=self.reader.get_mark())
            super().fetch_flow_collection_start(TokenClass, to_push)

    return Shallow
