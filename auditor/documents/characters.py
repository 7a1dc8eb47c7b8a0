"""Texts of files as they may be shown: they command nothing and turn no reading direction."""

from __future__ import annotations

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = frozenset("\u2028\u2029")


def visible(text: str) -> str:
    r"""Text of one line, without characters that command a terminal or turn the reading direction.

    Names of groups and columns come from the export and may hold anything.

    Examples
    --------
    >>> visible("A\x1b[31mB") == "A\N{REPLACEMENT CHARACTER}[31mB"
    True
    """
    return "".join(_safe(character) for character in text)


def _safe(character: str) -> str:
    code = ord(character)
    if character in "\n\t":
        return " "
    if (
        code >= 0x20
        and not 0x7F <= code <= 0x9F
        and not 0xD800 <= code <= 0xDFFF
        and character not in _BIDI
        and character not in _BREAKS
    ):
        return character
    return "\N{REPLACEMENT CHARACTER}"
