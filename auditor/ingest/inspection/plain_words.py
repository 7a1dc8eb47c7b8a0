"""Values of an export as plain words, however a system writes them."""

from __future__ import annotations

import re

from auditor.documents.guards import NOT_PRINTABLE

_LONGEST = 200
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_APOSTROPHE = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")
_GAP = re.compile(r"[\W_]+")

YES = frozenset({"yes", "y", "true", "1"})
NO = frozenset({"no", "n", "false", "0"})

_NOT_SAID = re.compile(
    r"(i )?(prefer|choose|chose|wish|decline|declined) not to\b.*"
    r"|(i )?(do not|dont|did not|didnt) (wish|want|care) to\b.*"
    r"|(i )?(decline|declined|declines|refused)( to\b.*)?"
    r"|not (specified|disclosed|stated|provided|answered|available|known|declared|reported"
    r"|applicable|given|recorded|asked)"
    r"|unknown|unspecified|undisclosed|undeclared|missing|blank|null|no (answer|response|data)"
)


def plain_words(text: str) -> str:
    """Words of a value in lower case with single spaces.

    Examples
    --------
    >>> plain_words("RejectedBy_Candidate"), plain_words(" I don't wish to answer. ")
    ('rejected by candidate', 'i dont wish to answer')
    """
    apart = _HUMP.sub(" ", _APOSTROPHE.sub("", text))
    return _GAP.sub(" ", apart).strip().casefold()


def is_not_said(text: str) -> bool:
    """Whether a value says that a person's group is not known.

    ``NA`` is not among them: some systems write it for Native American.

    Examples
    --------
    >>> [is_not_said(t) for t in ("", "N/A", "Prefer not to say", "NA", "Other")]
    [True, True, True, False, False]
    """
    words = plain_words(text)
    return not words or text.casefold() == "n/a" or _NOT_SAID.fullmatch(words) is not None


def can_be_listed(text: str) -> bool:
    r"""Whether a profile can name a value: control characters are refused there, and pages of text.

    Examples
    --------
    >>> can_be_listed("Hired"), can_be_listed("Hired\a")
    (True, False)
    """
    return len(text) <= _LONGEST and not NOT_PRINTABLE.search(text)
