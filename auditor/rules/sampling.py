from __future__ import annotations

import hashlib
import json
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from auditor.documents import FractionText
from auditor.rules.base import Params

if TYPE_CHECKING:
    from auditor.vocabulary import IntArray

DEFAULT_SHARE = Fraction(1, 50)


class SampleOptions(Params):
    """How many to draw: a ``share`` of the decisions (1/50 when nothing is said) or a ``count``."""

    share: Annotated[FractionText, Field(gt=0, le=1)] | None = None
    count: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.share is not None and self.count is not None:
            raise PydanticCustomError(
                "contradicting-options",
                "cannot stand beside 'share'",
                {"at": "count", "hint": "keep one of them"},
            )
        return self

    def filled(self) -> Self:
        """Spell the share out when neither is given."""
        if self.share is None and self.count is None:
            return self.model_copy(update={"share": DEFAULT_SHARE})
        return self

    def size(self, n: int) -> int:
        """Decisions to draw of ``n``; a share is rounded up, so one is drawn when there is one.

        Examples
        --------
        >>> SampleOptions().size(101), SampleOptions(count=30).size(12)
        (3, 12)
        """
        if self.count is not None:
            return min(self.count, n)
        return math.ceil((self.share or DEFAULT_SHARE) * n)


def simple_random_sample(lines: IntArray, size: int, seed: int, *names: str) -> IntArray:
    """Draw a simple random sample without replacement, the same for the same seed and names.

    Every line gets the next 64 random bits and the smallest ``size`` are drawn. The bit streams of
    numpy's generators are fixed across its versions, its ``choice`` is not.

    Parameters
    ----------
    lines : int64 array
        Positions to draw from.
    size : int, 0 to ``len(lines)``
    seed : int
        Of the run.
    names : str
        Who draws. Two rules draw independently of one another.

    Returns
    -------
    int64 array of ``size`` lines, in their order

    Examples
    --------
    >>> simple_random_sample(np.arange(1000), 3, 0, "policy", "rule").tolist()
    [12, 68, 377]
    """
    digest = hashlib.sha256(json.dumps([seed, *names]).encode()).digest()
    bits = np.random.PCG64(int.from_bytes(digest, "big")).random_raw(len(lines))
    return lines[np.sort(np.argsort(bits, kind="stable")[:size])]
