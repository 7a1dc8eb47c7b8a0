from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.documents.composing import Walk
from auditor.documents.document import Document, shown
from auditor.documents.events import Kept
from auditor.documents.guards import MAX_DEPTH, NOT_PRINTABLE, event_problem, syntax_problem
from auditor.documents.strict_json import strict_json
from auditor.errors import AuditorError, PathError, Problem, Where

if TYPE_CHECKING:
    from ruamel.yaml import YAML

MAX_BYTES = 1 << 17
"""A megabyte of blank lines took two seconds; the largest policy here has 11 KB."""

_LINE_END = re.compile(r"\r\n|\r|\n")


def read_document(path: str | Path, *, error: type[AuditorError]) -> Document:
    """Read one YAML file that a person wrote.

    Parameters
    ----------
    path : str or Path
    error : type of AuditorError
        What to raise when the content is refused: PolicyError, ProfileError, ...

    Raises
    ------
    PathError
        When the file cannot be opened.
    AuditorError
        The given ``error``, see :func:`parse_document`.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
        raise PathError(
            f"cannot read {str(path)!r}: {reason.lower()}",
            slug="path-unreadable",
            hint="check the name and the permissions",
        ) from None
    return _known(content, str(path), error)  # type: ignore[arg-type] # a class hashes


@lru_cache(maxsize=16)
def _known(content: bytes, path: str, error: type[AuditorError]) -> Document:
    """Document of content that was read before in this process: a pack takes 0.1 s to parse."""
    return parse_document(content, path, error=error)


def parse_document(content: bytes, path: str, *, error: type[AuditorError]) -> Document:
    r"""Parse YAML 1.2 into plain data with places, refusing what could mean two things.

    Refused: more than 128 KiB, 50 levels or 10,000 events; text that is not UTF-8 or holds control
    characters; anchors, aliases, tags and directives; several documents; duplicate, empty and
    compound keys; anything whose top level is not a mapping; in a file named ``.json``, what is no
    JSON.

    Parameters
    ----------
    content : bytes
    path : str
        The name used in messages.
    error : type of AuditorError

    Raises
    ------
    AuditorError
        The given ``error`` with file, line and column. Refused keys are reported all at once; the
        other refusals leave the rest of the file without a meaning, so the first is the only one.

    Examples
    --------
    >>> from auditor.errors import PolicyError
    >>> document = parse_document(b"limit: 0.80\nlabels: [no, 08]\n", "p.yaml", error=PolicyError)
    >>> document.data
    {'limit': '0.80', 'labels': ['no', '08']}
    >>> str(document.where(("labels", 1)))
    'p.yaml:2:14'
    """
    from ruamel.yaml.error import MarkedYAMLError

    text = _decoded(content, path, error)
    if path.endswith(".json"):
        text = strict_json(text, path, error)
    events = Kept(_yaml().parse(text))
    try:
        refused = event_problem(events, text, path)
        if refused:
            raise error.of([refused])
        nodes = list(_yaml(events).compose_all(text))
    except MarkedYAMLError as exc:
        raise error.of([syntax_problem(exc, path)]) from None

    walk = Walk(path)
    data = walk.value(nodes[0], ()) if nodes else None
    if data is None:
        raise error(
            "the file is empty",
            slug="yaml-empty",
            where=Where(path, 1, 1),
            hint="write it, or check that the right file was named",
        )
    if not isinstance(data, dict):
        walk.problems.append(
            Problem(
                message=f"the file must hold keys with values, got {shown(data)}",
                slug="yaml-not-a-mapping",
                where=walk.places[()],
                hint="it starts with a key and a value, such as auditor: policy/1",
            )
        )
    if walk.problems:
        raise error.of(walk.problems)
    return Document(
        path=path,
        data=data,
        sha256=hashlib.sha256(content).hexdigest(),
        texts=walk.texts,
        places=walk.places,
        keys=walk.keys,
    )


def _yaml(events: Kept | None = None) -> YAML:
    # A new one for each pass: a parser remembers the version that a file asked for. Not the
    # round-trip type: that one leaves a control character at every fold of a folded text.
    from ruamel.yaml import YAML

    from auditor.documents.scanning import no_deeper_than

    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    yaml.Scanner = no_deeper_than(MAX_DEPTH)
    if events is not None:
        yaml.Parser = events.replayed
    return yaml


def _decoded(content: bytes, path: str, error: type[AuditorError]) -> str:
    if len(content) > MAX_BYTES:
        raise error(
            "the file is larger than 128 KiB",
            slug="yaml-too-large",
            where=Where(path, 1, 1),
            hint="no file that a person writes for auditor is that large; check it",
        )
    hint = "save it as UTF-8 without a byte order mark"
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise error(
            "the file starts with a byte order mark",
            slug="yaml-encoding",
            where=Where(path, 1, 1),
            hint=hint,
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise error(
            f"the byte 0x{content[exc.start]:02x} is not UTF-8",
            slug="yaml-encoding",
            where=_place_after(content[: exc.start].decode("utf-8"), path),
            hint=hint,
        ) from None
    found = NOT_PRINTABLE.search(text)
    if found:
        raise error(
            f"the control character U+{ord(found[0]):04X} is not allowed",
            slug="yaml-encoding",
            where=_place_after(text[: found.start()], path),
            hint="delete it; the file must be plain text in UTF-8",
        )
    return text


def _place_after(before: str, path: str) -> Where:
    lines = _LINE_END.split(before)
    return Where(path, len(lines), len(lines[-1]) + 1)
