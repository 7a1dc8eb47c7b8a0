"""Words and signs that every face of a result shares."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.documents import visible
from auditor.result.document import FindingDoc
from auditor.vocabulary import INTERSECTION, UNKNOWN, Undefined

__all__ = [
    "DIRECTIONS",
    "METRICS",
    "STATES",
    "SYMBOLS",
    "TIMES",
    "attribute_label",
    "group_label",
    "many",
    "metric_favorable",
    "metric_title",
    "plain",
    "reason",
    "shown_state",
    "visible",
]

STATES: Mapping[str, str] = {
    "fail": "Fail",
    "warning": "Warning",
    "no_verdict": "No verdict",
    "pass": "Pass",
    "descriptive": "Descriptive",
}
SYMBOLS: Mapping[str, str] = {
    "pass": "\N{HEAVY CHECK MARK}",
    "fail": "\N{HEAVY MULTIPLICATION X}",
    "warning": "\N{BLACK UP-POINTING TRIANGLE}",
    "no_verdict": "\N{EN DASH}",
    "descriptive": "\N{BULLET}",
}
DIRECTIONS: Mapping[str, tuple[str, str]] = {
    "tighter": ("\N{UPWARDS ARROW}", "tighter"),
    "looser": ("\N{DOWNWARDS ARROW}", "looser"),
    "neutral": ("\N{BULLET}", "neutral"),
    "unclear": ("?", "neither: read it"),
}
"""Sign and word for the way that a change of a policy goes."""
METRICS: Mapping[str, tuple[str, str]] = {
    "selection-rate": ("Selection rate", "selected"),
    "scoring-rate": ("Scoring rate", "on the better side of the median"),
    "scoring-rate-known": ("Scoring rate, median of the known", "on the better side of the median"),
}
TIMES = "\N{MULTIPLICATION SIGN}"
_REASONS: Mapping[str, str] = {
    Undefined.NOBODY_CONSIDERED: "nobody was considered",
    Undefined.REFERENCE_SELECTS_NOBODY: "nobody in the reference group was selected",
    Undefined.NO_REFERENCE: "there is no reference group",
    Undefined.NO_SCORES: "there are no scores",
}


def shown_state(finding: FindingDoc, *, in_force: bool) -> str:
    """Name the state of a finding as it is shown: a fail that moves no verdict is a warning."""
    moves = in_force and finding["severity"] == "block"
    return "warning" if finding["verdict"] == "fail" and not moves else finding["verdict"]


def metric_title(metric: str) -> str:
    """Title of a metric; an unknown one is shown by its id.

    Examples
    --------
    >>> metric_title("selection-rate")
    'Selection rate'
    """
    return METRICS[metric][0] if metric in METRICS else plain(metric).capitalize()


def metric_favorable(metric: str) -> str:
    """Name what the counted people of a metric are.

    Examples
    --------
    >>> metric_favorable("scoring-rate")
    'on the better side of the median'
    """
    return METRICS[metric][1] if metric in METRICS else "counted"


def plain(name: str) -> str:
    """Turn an id into words.

    Examples
    --------
    >>> plain("not_considered")
    'not considered'
    """
    return name.replace("_", " ").replace("-", " ")


def reason(undefined: str | None) -> str:
    """Why a number does not exist, in words.

    Examples
    --------
    >>> reason("nobody-considered")
    'nobody was considered'
    >>> reason(None)
    'not available'
    """
    if undefined is None:
        return "not available"
    return _REASONS.get(undefined, plain(undefined))


def group_label(group: str) -> str:
    """Name a group as people read it; the line of the unknown says what it is.

    Examples
    --------
    >>> group_label("F*Black") == f"F {TIMES} Black", group_label("unknown")
    (True, 'not known')
    """
    return "not known" if group == UNKNOWN else group.replace(INTERSECTION, f" {TIMES} ")


def attribute_label(attribute: str) -> str:
    """Name an attribute as people read it.

    Examples
    --------
    >>> attribute_label("sex*race") == f"sex {TIMES} race"
    True
    """
    return attribute.replace(INTERSECTION, f" {TIMES} ")


def many(number: int, what: str, several: str | None = None) -> str:
    """Count something; ``several`` where its plural is more than an s."""
    return f"{number:,} {what if number == 1 else several or what + 's'}"
