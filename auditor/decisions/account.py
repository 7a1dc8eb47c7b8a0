from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When decisions were taken: first and last day of all rows, and rows without a day.

    ``first`` and ``last`` are None when no row has one.
    """

    column: str
    first: date | None
    last: date | None
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAccount:
    """Where every input row went: used, or in exactly one named bucket.

    Parameters
    ----------
    read : int
        Rows in the export, header not counted.
    used : int
        Rows that count in the rates (favorable or unfavorable; all rows when only scores exist).
    buckets : mapping of str to int
        Rows left out, by reason, in printing order.

    Raises
    ------
    ValueError
        When ``read != used + sum(buckets)``, or a number is negative: a row was lost or counted
        twice.

    Examples
    --------
    >>> RowAccount(read=10, used=7, buckets={"withdrawn": 3}).left_out
    3
    """

    read: int
    used: int
    buckets: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        negative = min(self.used, *self.buckets.values(), 0) < 0
        if negative or self.read != self.used + self.left_out:
            raise ValueError(
                f"The row account does not balance: {self.read} rows read, {self.used} used, "
                f"{self.left_out} in buckets {dict(self.buckets)}."
            )

    @property
    def left_out(self) -> int:
        """Rows in all buckets."""
        return sum(self.buckets.values())
