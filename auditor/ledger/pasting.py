"""Checkpoints that were kept in a ticket, a mail or a git tag, and came back a little changed.

Only what no signature covers is put right: how lines end, what stands around the note, how its
signature is set off. A name, a number, a root or a signature is never touched, so what is read was
signed letter for letter, or is seen not to be.
"""

from __future__ import annotations

import codecs
import re

from auditor.errors import SignatureError
from auditor.ledger.checkpoint import DASH, Checkpoint, read_checkpoint

_LINE_END = re.compile(r"\r*\n|\r")
_SPACES = " \t\N{NO-BREAK SPACE}"
_UNSEEN = dict.fromkeys(map(ord, "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"))
_FENCE = re.compile(r"(?:`{3,}|~{3,})\w*|\{(?:code|noformat)(?::\w+)?\}")
_MARKS = frozenset(f">{_SPACES}")
_SET_OFF = re.compile(rf"(?:[^\x00-\x7f]{{1,3}}|--?|\?{{1,3}})[{_SPACES}]+")
"""The dash in front of a signature, and what programs that speak another encoding make of it."""


def read_pasted(content: bytes, path: str) -> Checkpoint:
    """Read a checkpoint from a file that somebody pasted it into.

    Parameters
    ----------
    content : bytes
    path : str
        Where it stands, for messages.

    Raises
    ------
    SignatureError
        When it is none.
    """
    text = _decoded(content)
    try:
        return read_checkpoint(text, path)
    except SignatureError:
        return read_checkpoint(_tidied(text), path)


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _tidied(text: str) -> str:
    lines = [line.rstrip(_SPACES) for line in _LINE_END.split(text.translate(_UNSEEN))]
    before: list[str] = []
    while lines != before:
        before, lines = lines, _peeled(lines)
    head, blank, below = "\n".join(lines).rpartition("\n\n")
    return f"{head}{blank}{_signatures(below)}\n"


def _peeled(lines: list[str]) -> list[str]:
    """Take off one thing that stands around all lines."""
    filled = [place for place, line in enumerate(lines) if line]
    if not filled:
        return []
    lines = lines[filled[0] : filled[-1] + 1]
    if len(lines) > 2 and _FENCE.fullmatch(lines[0]) and _FENCE.fullmatch(lines[-1]):
        return lines[1:-1]
    marks = {line[0] for line in lines if line}
    return [line[1:] for line in lines] if len(marks) == 1 and marks <= _MARKS else lines


def _signatures(below: str) -> str:
    """Lines of signatures, each on one line, set off by the dash of the format."""
    made: list[str] = []
    for line in below.split("\n"):
        begins = _SET_OFF.match(line)
        if begins or not made:
            made.append(DASH + line[begins.end() :] if begins else line)
        else:  # a long line that was broken where its space is
            made[-1] += f" {line.lstrip(_SPACES)}"
    return "\n".join(line.replace("\N{NO-BREAK SPACE}", " ") for line in made)
