"""Files that call themselves JSON, which YAML would read more kindly than any other reader."""

from __future__ import annotations

import json

from auditor.errors import AuditorError, Where

_HINT = "write strict JSON, without comments, or name the file .yaml"


def strict_json(text: str, path: str, error: type[AuditorError]) -> str:
    """Refuse what is no JSON, so that a file means the same to everybody who reads it.

    Returns
    -------
    str
        The text with a space for every tab: in JSON they stand between values only, and YAML takes
        none there. Every line and column stays.

    Raises
    ------
    AuditorError
        The given ``error``, at the first place that is wrong.
    """
    if not text.strip():
        return text  # an empty file is refused as one
    try:
        json.loads(text, parse_constant=_refused)
    except json.JSONDecodeError as exc:
        where = Where(path, exc.lineno, exc.colno)
    except _NoNumberError as exc:
        before = text[: _outside_texts(text, str(exc))]
        where = Where(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise error(
            f"{exc} is no number of JSON", slug="not-json", where=where, hint=_HINT
        ) from None
    except RecursionError:
        return text  # its depth is refused with its place
    else:
        return text.replace("\t", " ")
    raise error("this is no JSON from here on", slug="not-json", where=where, hint=_HINT)


class _NoNumberError(ValueError):
    """``NaN`` or ``Infinity``, which Python reads and JSON does not have."""


def _refused(word: str) -> float:
    raise _NoNumberError(word)


def _outside_texts(text: str, word: str) -> int:
    """Position of a word that does not stand inside quotes; it is there."""
    quoted, at = False, 0
    while at < len(text):
        if text[at] == '"':
            quoted = not quoted
        elif quoted and text[at] == "\\":
            at += 1
        elif not quoted and text.startswith(word, at):
            return at
        at += 1
    return len(text)
