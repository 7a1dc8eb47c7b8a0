"""How long a test may take while something watches every line of it."""

from __future__ import annotations

import sys

_TRACED = 10


def seconds(limit: float) -> float:
    """Limit on the time of the processor; several times that under a tracer, such as coverage's.

    A tracer is called at every line, so it is the tracer's time that such a run measures.
    """
    monitoring = getattr(sys, "monitoring", None)
    watched = sys.gettrace() is not None
    if monitoring is not None and not watched:
        watched = any(monitoring.get_tool(n) for n in range(6))
    return limit * _TRACED if watched else limit
