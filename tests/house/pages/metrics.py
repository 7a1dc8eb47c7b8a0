from __future__ import annotations

from auditor.metrics import METRICS
from tests.house.docstrings import markdown, parse

INTRO = """\
Everything that is measured about groups, one entry a metric. A metric is a function of the counts:
how many of each group count, out of how many. Every one of them is printed with a Clopper-Pearson
interval, and every group is compared with the reference group by ratio, difference, tests, both
shortfalls and the mildest ratio that an audit of this size would have caught. An undefined number
has a reason and no value.
"""


def page() -> str:
    """Text of ``docs/metrics.md``."""
    parts = ["# Metrics", INTRO.strip()]
    for metric in METRICS.values():
        parts += [
            f"## {metric.id}",
            f"{metric.title}. Of the people of a group, it counts those {metric.favorable}.",
            _sections(metric.doc),
        ]
    return "\n\n".join(parts) + "\n"


def _sections(doc: str) -> str:
    parts = []
    for title, body in parse(doc).items():
        parts += [f"### {title}"] if title else []
        parts.append(markdown(body))
    return "\n\n".join(parts)
