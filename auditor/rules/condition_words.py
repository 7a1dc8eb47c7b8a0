"""A condition as people say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from auditor.documents import NumberText

_SUBJECTS = {
    "score": "the score",
    "outcome": "the outcome",
    "model_version": "the version of the model",
}
_COMPARED = {
    "at_least": "is at least",
    "above": "is above",
    "at_most": "is at most",
    "below": "is below",
    "equals": "is",
    "in": "is one of",
    "not_in": "is none of",
}


def condition_words(condition: Mapping[str, Any], number: Callable[[str], str] = str) -> str:
    """Say a condition of a resolved policy; ``number`` writes the values in it.

    Examples
    --------
    >>> condition_words({"any": [{"outcome": {"equals": "unfavorable"}}, {"score": "missing"}]})
    'one or more of these hold: (1) the outcome is unfavorable; (2) the score is missing'
    """
    ((key, inner),) = condition.items()
    if key in ("all", "any"):
        parts = [_inside(part, number) for part in inner]
        if len(parts) == 1:
            return condition_words(inner[0], number)
        start = "all of these hold" if key == "all" else "one or more of these hold"
        return f"{start}: {'; '.join(f'({n}) {part}' for n, part in enumerate(parts, start=1))}"
    if key == "not":
        return f"this does not hold: {_inside(inner, number)}"
    if key == "share_of_reason":
        share = number(inner["at_least"])
        return f"{inner['feature']} makes up at least {share} of the reasons for the score"
    subject = _SUBJECTS.get(key, f"the value of {key}")
    if isinstance(inner, str):
        return f"{subject} is missing"
    ((how, value),) = inner.items()
    values = [
        number(item) if isinstance(item, NumberText) else str(item)
        for item in (value if isinstance(value, list) else [value])
    ]
    if how == "between":
        return f"{subject} is from {values[0]} to {values[1]}, both included"
    return f"{subject} {_COMPARED[how]} {', '.join(values)}"


def _inside(part: Mapping[str, Any], number: Callable[[str], str]) -> str:
    """Say a part of a condition; one that has parts itself stands in brackets."""
    words = condition_words(part, number)
    return f"[{words}]" if set(part) & {"all", "any", "not"} else words
