from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from auditor.documents.document import MAX_SHOWN, shown
from auditor.errors import Problem, Where

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError, StreamMark
    from ruamel.yaml.events import Event

MAX_DEPTH = 50
MAX_EVENTS = 10_000
"""Reading 20,000 took over a second; the largest policy here has 1,131."""

NOT_PRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_LEVELS = f"{MAX_DEPTH} levels inside one another"
_OWN_TAGS = "tag:yaml.org,2002:"


def event_problem(events: Iterable[Event], text: str, path: str) -> Problem | None:
    """First thing in a stream of YAML events that a file may not hold; None when all is plain.

    Looking at events costs memory for one event at a time, so an alias bomb or a thousand levels
    are met before anything is built from them.
    """
    from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, DocumentStartEvent

    depth = documents = 0
    for count, event in enumerate(events, start=1):
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        if isinstance(event, DocumentStartEvent):
            documents += 1
            line = directive_line(text, event.start_mark.line) if event.explicit else None
            if documents == 1 and line:
                return Problem(
                    message="a line that starts with '%' asks for another kind of YAML",
                    slug="yaml-directive",
                    where=Where(path, line, 1),
                    hint="delete the line; files are read as YAML 1.2",
                )
        if documents > 1:
            return Problem(
                message="a second document starts here",
                slug="yaml-several-documents",
                where=place(event.start_mark, path),
                hint="write one document per file",
            )
        if depth > MAX_DEPTH or count > MAX_EVENTS:
            limit = _LEVELS if depth > MAX_DEPTH else f"{MAX_EVENTS:,} values"
            return _too_large(limit, place(event.start_mark, path))
        if carries_more(event):
            return refused_in_node(event, place(event.start_mark, path))
    return None


def _too_large(limit: str, where: Where) -> Problem:
    return Problem(
        message=f"more than {limit}",
        slug="yaml-too-large",
        where=where,
        hint="no file that a person writes for auditor is that large; check it",
    )


def carries_more(event: Event) -> bool:
    """Whether an event is more than a plain value; asked of every one, so it builds nothing."""
    return (
        getattr(event, "anchor", None) is not None
        or getattr(event, "tag", None) is not None
        or NOT_PRINTABLE.search(getattr(event, "value", None) or "") is not None
    )


def refused_in_node(event: Event, where: Where) -> Problem | None:
    """Say what a single value may not carry."""
    from ruamel.yaml.events import AliasEvent, CollectionStartEvent, NodeEvent, ScalarEvent

    if isinstance(event, AliasEvent):
        return Problem(
            message=f"the alias '*{event.anchor[:MAX_SHOWN]}' is not allowed",
            slug="yaml-alias",
            where=where,
            hint="write the value out",
        )
    if isinstance(event, NodeEvent) and event.anchor is not None:
        return Problem(
            message=f"the anchor '&{event.anchor[:MAX_SHOWN]}' is not allowed",
            slug="yaml-alias",
            where=where,
            hint="write the value out where it is used",
        )
    if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
        tag = str(event.tag)
        tag = f"!!{tag.removeprefix(_OWN_TAGS)}" if tag.startswith(_OWN_TAGS) else tag
        runs = "it is unsafe: programs run code by such tags; " if "python/" in tag else ""
        return Problem(
            message=f"the tag {shown(tag)} is not allowed",
            slug="yaml-tag",
            where=where,
            hint=f"{runs}write the value without it",
        )
    if isinstance(event, ScalarEvent) and (found := NOT_PRINTABLE.search(event.value)):
        # Written as an escape in double quotes; it would reach terminals and reports.
        return Problem(
            message=f"the control character U+{ord(found[0]):04X} is not allowed",
            slug="yaml-encoding",
            where=where,
            hint="delete it",
        )
    return None


def directive_line(text: str, start: int) -> int | None:
    """Line (from 1) of the first directive above the document that starts at line index ``start``.

    The parser forgets directives that it does not know, hence the look at the text.
    """
    lines = text.splitlines()[:start]
    return next((n for n, line in enumerate(lines, start=1) if line.startswith("%")), None)


def syntax_problem(exc: MarkedYAMLError, path: str) -> Problem:
    """Say what the YAML reader stumbled over, in plain words and at the place to mend."""
    from auditor.documents.scanning import TooDeepError

    if isinstance(exc, TooDeepError):
        return _too_large(_LEVELS, place(exc.problem_mark, path))
    context = str(exc.context or "")
    said = str(exc.problem or context)
    where = place(exc.problem_mark or exc.context_mark, path)
    if "'\\t'" in said:
        return Problem(
            message="a tab is used as indentation",
            slug="yaml-syntax",
            where=where,
            hint="use spaces",
        )
    start = place(exc.context_mark or exc.problem_mark, path)
    if "flow" in context and start.line == where.line and "end" not in said:
        return Problem(
            message=f"inside the brackets that open in line {start.line}, "
            f"{said.removeprefix('expected ').replace(', but got', ' should follow, not')}",
            slug="yaml-syntax",
            where=where,
            hint="close the brackets before it, or put a text that holds some in quotes",
        )
    if "flow" in context or "end of stream" in said:
        # The opening quote or bracket is where a person has to look.
        opened = "quote" if "scalar" in context else "bracket"
        return Problem(
            message=f"this {opened} is not closed before line {where.line}",
            slug="yaml-syntax",
            where=place(exc.context_mark, path),
            hint=f"the reader says: {said}",
        )
    if "mapping values are not allowed" in said:
        return Problem(
            message="a second ':' in one value, or a line indented deeper than the one above",
            slug="yaml-syntax",
            where=where,
            hint="put a text that holds ': ' in quotes, or align the line with its neighbours",
        )
    return Problem(
        message=f"not readable as YAML: {said}",
        slug="yaml-syntax",
        where=where,
        hint="look at this line and the one above: indentation, quotes, brackets",
    )


def place(mark: StreamMark | None, path: str) -> Where:
    """Place of a mark of the YAML reader, which counts from 0."""
    return Where(path) if mark is None else Where(path, mark.line + 1, mark.column + 1)
