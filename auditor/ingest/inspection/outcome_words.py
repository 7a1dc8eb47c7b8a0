"""What words of applicant-tracking systems say about a decision; what they leave open is left."""

from __future__ import annotations

import re

from auditor.ingest.inspection.header_words import DEEDS, hint_of, words_of
from auditor.ingest.inspection.plain_words import NO, YES, can_be_listed, plain_words
from auditor.ingest.inspection.roles import Role
from auditor.vocabulary import Outcome

_GOOD = (
    r"(hired?|advanced?|selected|offer(ed|s)?|pass(ed)?|shortlist(ed)?|accept(ed)?|promoted"
    r"|approved|success(ful)?|invited|recommended|moved forward|call ?back|called back)"
)
_BAD = r"(reject(ed|ion)?|fail(ed)?|knock(ed)? ?out|disqualified|unsuccessful|denied)"
_WORK = r"(position|requisition|req|job|vacancy|posting|role)"
_COMPANY = r"(us|company|employer|organi[sz]ation|recruiter|hiring manager)"

_PHRASES: tuple[tuple[re.Pattern[str], Outcome | None], ...] = tuple(
    (re.compile(rf"\b{pattern}\b"), outcome)
    for pattern, outcome in (
        (r"no longer", None),
        (r"pass(ed|ing)? (over|on)", None),
        (rf"(reject(ed)?|declined) by (the )?{_COMPANY}", Outcome.UNFAVORABLE),
        (r"(rejected|declined|withdrawn) by (the )?(candidate|applicant)", Outcome.WITHDRAWN),
        (r"(candidate|applicant) (declined|withdrew|withdrawn|rejected)", Outcome.WITHDRAWN),
        (r"(not yet|un) ?decided|no decision( yet)?|to be decided", Outcome.OPEN),
        (r"not (considered|reviewed)", Outcome.NOT_CONSIDERED),
        (rf"(not|did not|no|non) (been )?({_GOOD}|qualified|chosen|progress(ed|ing)?)",
         Outcome.UNFAVORABLE),
        (rf"(not|no|never|non|without) (\w+ )?({_GOOD}|{_BAD}|withdr\w+|pending|active|new|closed"
         r"|duplicate|filled|cancell?ed)", None),
        (rf"{_WORK} (was |is |has been )?(closed|cancell?ed|filled|withdrawn)",
         Outcome.NOT_CONSIDERED),
        (r"(duplicated?|transfer(red)?|lead|prospect)", Outcome.NOT_CONSIDERED),
        (r"withdr(ew|awn|awal|aw)", Outcome.WITHDRAWN),
        (r"(pending|in progress|in process|in review|under review|awaiting|waiting|ongoing|new"
         r"|active|open)", Outcome.OPEN),
        (_BAD, Outcome.UNFAVORABLE),
        (_GOOD, Outcome.FAVORABLE),
        (r"(declin\w+|rescind\w*|revok\w+|hold|waitlist\w*|wait list\w*|maybe|expired|no show"
         r"|cancell?ed)", None),
    )
)  # fmt: skip
"""In the order in which they are looked for; None is a word that nobody can place alone."""


def outcome_of(value: str, column: str) -> Outcome | None:
    """Outcome that a value speaks for; None when it speaks for none, or for two.

    Parameters
    ----------
    value : text of a cell
    column : name of its column; yes and no mean what it asks

    Examples
    --------
    >>> [str(outcome_of(v, "status")) for v in ("Not selected", "Withdrew", "Position closed", "")]
    ['unfavorable', 'withdrawn', 'not_considered', 'open']
    >>> outcome_of("Offer declined", "status"), outcome_of("1", "hired") is Outcome.FAVORABLE
    (None, True)
    """
    words = plain_words(value)
    if not words or not can_be_listed(value):
        return None if value else Outcome.OPEN
    if words in YES | NO:
        return _answer(words, column)
    found: set[Outcome | None] = set()
    for pattern, outcome in _PHRASES:
        words, n = pattern.subn(" ", words)
        if n:
            found.add(outcome)
    return found.pop() if len(found) == 1 else None


def _answer(words: str, column: str) -> Outcome | None:
    """Read yes and no; 1 and 0 only in a column such as ``hired``, which asks for a yes."""
    hint = hint_of(column)
    if hint is None or hint.role is not Role.OUTCOME:
        return None
    if words not in {"yes", "y", "no", "n"} and not DEEDS & set(words_of(column)):
        return None
    return Outcome.FAVORABLE if words in YES else Outcome.UNFAVORABLE
