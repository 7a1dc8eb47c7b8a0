"""What the verdict on an impact ratio may be told, and why it may say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

ALL_UNKNOWN = "all-unknown"
NOBODY_SELECTED = "nobody-selected"
EVERYBODY_SELECTED = "everybody-selected"
TOO_FEW_GROUPS = "too-few-groups"
OPEN_SHARE = "open-share"
SIGN_IN_SMALL_GROUP = "sign-in-small-group"
UNKNOWN_TIPS = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactRule:
    """Parameters of the verdict on one attribute.

    Parameters
    ----------
    threshold : Fraction, in (0, 1]
        A ratio below it turns the practical key.
    alpha : float, in (0, 1)
        Chance of a false fail, for the attribute as a whole.
    worth_detecting : Fraction, in (0, threshold]
        The ratio that a pass has to rule out; equal to `threshold` it is an equivalence test.
    confidence : float, in (0.5, 1)
        One-sided, of ruling it out.
    min_people, min_expected : int, at least 1
        Smallest group in play, in people and in selections expected at the common rate.
    reference_share : Fraction, in [0, 1)
        Smallest share of the known people at which a group may be a yardstick for larger ones.
    open_share : Fraction, in [0, 1)
        Largest share of the known people about whom a pass may show nothing.
    unknown_factor : float, at least 1
        How unlike the known the unknown are allowed to be; infinite for the full worst case.

    Raises
    ------
    ValueError
        When a parameter is out of its range.
    """

    threshold: Fraction = Fraction(4, 5)
    alpha: float = 0.05
    worth_detecting: Fraction = Fraction(7, 10)
    confidence: float = 0.95
    min_people: int = 30
    min_expected: int = 5
    reference_share: Fraction = Fraction(1, 50)
    open_share: Fraction = Fraction(1, 10)
    unknown_factor: float = 2.0

    def __post_init__(self) -> None:
        ranges = {
            "threshold": (0 < self.threshold <= 1, "(0, 1]"),
            "alpha": (0 < self.alpha < 1, "(0, 1)"),
            "worth_detecting": (0 < self.worth_detecting <= self.threshold, "(0, threshold]"),
            "confidence": (0.5 < self.confidence < 1, "(0.5, 1)"),
            "min_people": (self.min_people >= 1, "1 or more"),
            "min_expected": (self.min_expected >= 1, "1 or more"),
            "reference_share": (0 <= self.reference_share < 1, "[0, 1)"),
            "open_share": (0 <= self.open_share < 1, "[0, 1)"),
            "unknown_factor": (self.unknown_factor >= 1, "1 or more"),
        }
        for name, (holds, allowed) in ranges.items():
            if not holds:
                raise ValueError(
                    f"The {name!r} parameter of ImpactRule must be in the range {allowed}. "
                    f"Got {getattr(self, name)} instead."
                )
