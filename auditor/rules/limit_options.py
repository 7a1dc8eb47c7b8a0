"""Limits on a measure, and which of them can decide anything."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from auditor.documents import FractionText, Text, did_you_mean, shown
from auditor.metrics import METRICS
from auditor.rules.base import Params
from auditor.rules.slices import Form

FEWEST = 30
WITH_INTERVAL: tuple[Form, ...] = ("rate", "ratio", "difference")
_RANGES: dict[Form, tuple[int | None, int | None]] = {
    "rate": (0, 1),
    "ratio": (0, None),
    "difference": (-1, 1),
    "shortfall": (0, None),
    "shortfall-to-reference": (0, None),
    "z": (None, None),
    "p-value": (0, 1),
    "p-mid": (0, 1),
    "p-adjusted": (0, 1),
    "detectable-ratio": (0, 1),
}
"""What a number of each form can be at all."""


def _of_the_catalogue(value: str) -> str:
    if value not in METRICS:
        raise PydanticCustomError(
            "unknown-measure",
            "is no measure of the catalogue: {value}",
            {"value": shown(value), "hint": did_you_mean(value, METRICS)},
        )
    return value


class MeasureLimitOptions(Params):
    """``measure`` and what it is ``taken_as``, the limits, and what has to lie inside them."""

    measure: Annotated[Text, AfterValidator(_of_the_catalogue)]
    taken_as: Form = "rate"
    at_least: FractionText | None = None
    at_most: FractionText | None = None
    judge: Literal["value", "interval", "lower-end", "upper-end"] = "value"
    fewest_people: Annotated[int, Field(ge=1)] | None = None

    def filled(self) -> Self:
        """Spell out that a value needs 30 people; an interval says itself how few there are."""
        if self.judge != "value" or self.fewest_people is not None:
            return self
        return self.model_copy(update={"fewest_people": FEWEST})

    @model_validator(mode="after")
    def _limits_can_decide(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise PydanticCustomError(
                "missing-key", "needs 'at_least' or 'at_most'", {"hint": "such as at_least: 0.8"}
            )
        low, high = _RANGES[self.taken_as]
        for name in ("at_least", "at_most"):
            limit = getattr(self, name)
            if limit is None or low is None:
                continue
            if limit < low or (high is not None and limit > high):
                end = f"to {high}" if high is not None else "on"
                raise PydanticCustomError(
                    "out-of-range",
                    "must be from {low} {end}, as a {form} is, got {value}",
                    {
                        "at": name,
                        "low": low,
                        "end": end,
                        "form": self.taken_as,
                        "value": str(limit),
                        "hint": "a share is written as 0.8, not as 80",
                    },
                )
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise PydanticCustomError(
                "out-of-range",
                "must not be more than at_most, or nothing can pass",
                {"at": "at_least"},
            )
        if self.judge != "value" and self.taken_as not in WITH_INTERVAL:
            raise PydanticCustomError(
                "no-interval",
                "cannot be {judge}: a {form} has no interval",
                {
                    "at": "judge",
                    "judge": self.judge,
                    "form": self.taken_as,
                    "hint": "judge the value, or the interval of a difference",
                },
            )
        if self.judge != "value" and self.fewest_people is not None:
            raise PydanticCustomError(
                "not-with-interval",
                "is for values: an interval is wide by itself where people are few",
                {"at": "fewest_people", "hint": "leave it out, or judge the value"},
            )
        return self
