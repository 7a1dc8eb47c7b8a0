from __future__ import annotations

from auditor.system import ASKS, SystemFile, below, only
from auditor.system.entries import ASIDE
from tests.house.options import schema_of, table
from tests.house.pages.profiles import sections
from tests.house.source import PACKAGE

INTRO = """\
A system record says what is known about the model before anybody relies on it: the five questions,
who answers for it, who was told, what was tested. `auditor audit EXPORT --system system.yaml` puts
it into the result as a checklist, and rules of the kinds `record-present`, `record-recent`,
`record-before-run`, `record-version` and `record-limit` ask for it ([rule kinds](rules.md)).

Only `auditor`, `system.id` and `system.name` are required. What else is missing is no error: it is
a gap, which the checklist shows and rules find. An entry is answered when every value below it is;
a value that is listed as only asked for by name is not needed for that, nor is `health_data.basis`
where no health data are used, and `openness: unknown` is no answer. In lists, a half-written item
is a gap. To `record-present` a date of something done that lies after the day of the audit is no
answer, and data past their `delete_on` have to be gone; `use.since` may lie ahead. Name teams and
roles, not people: the answers stand in the result. Editors check a record by
`policies/system.schema.json`.
"""


def page() -> str:
    """Text of ``docs/system.md``."""
    whole = schema_of(SystemFile)
    example = (PACKAGE / "demo" / "system.yaml").read_text(encoding="utf-8").strip()
    return (
        "\n\n".join(
            [
                "# System records",
                INTRO.strip(),
                f"The record of the demo:\n\n```yaml\n{example}\n```",
                "## What rules may name",
                _entries(),
                "## The whole file",
                table(whole, whole, first="key"),
                *sections(whole, whole, ""),
            ]
        )
        + "\n"
    )


def _entries() -> str:
    rows = ["| entry | question | date | number |", "| --- | --- | --- | --- |"]
    for path, asks in ASKS.items():
        day, number = only(path, "date"), only(path, "number")
        cells = [f"`{way}`" if way else "" for way in (day, number)]
        rows.append(f"| `{path}` | {asks} | {' | '.join(cells)} |")
    named = ", ".join(f"`{path}`" for path in sorted(ASIDE))
    parts = ", ".join(f"`{leaf}`" for leaf in below("questions.model"))
    return "\n".join(rows) + (
        f"\n\nOnly asked for by name: {named}. A rule may also name one value ({parts}), or what "
        "holds several entries (`questions`, `notices`)."
    )
