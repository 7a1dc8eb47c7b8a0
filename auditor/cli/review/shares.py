from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.review.oversight.numbers import Share


def share_text(one: Share) -> str:
    """Write a share: per cent, count, interval."""
    if one.undefined:
        return f"no number: {one.undefined}"
    counted = f"{100 * one.value:.1f}% ({one.count:,} of {one.of:,}"
    if one.no_interval or math.isnan(one.low):
        return f"{counted}; no interval: {one.no_interval})"
    return f"{counted}; interval {100 * one.low:.1f}% to {100 * one.high:.1f}%)"
