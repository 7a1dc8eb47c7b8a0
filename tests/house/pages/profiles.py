from __future__ import annotations

from collections.abc import Iterator

from auditor.ingest.profile.schema import ProfileFile
from tests.house.docstrings import markdown
from tests.house.options import Json, parts, schema_of, table
from tests.house.source import PACKAGE

INTRO = """\
A profile says how one export reads: which column plays which role, and what every raw value means.
Every value of an outcome or group column is mapped; a value that nobody mapped stops the run with
the whole list and lines to paste. Values match by their exact text, spaces around them aside; what
a person writes in YAML counts as it stands there, so `08`, `no` and `1.0` are texts.

Two things a profile can get wrong without a single value unmapped, so they stand under "Careful" on
the first screen of every result: groups that the profile lists and no row is of, and a rate of
selection above 95 % or below 0.5 %, which often means that favorable and unfavorable are the wrong
way round. Both are said of test data as well, and neither moves the verdict.

`auditor inspect EXPORT --write-profile profile.yaml` writes one to check and edit. From Python the
same keys are keyword arguments of `auditor.audit`.
"""


def page() -> str:
    """Text of ``docs/profiles.md``."""
    whole = schema_of(ProfileFile)
    example = (PACKAGE / "demo" / "profile.yaml").read_text(encoding="utf-8").strip()
    return (
        "\n\n".join(
            [
                "# Profiles",
                INTRO.strip(),
                f"The profile of the demo:\n\n```yaml\n{example}\n```",
                "## The whole file",
                table(whole, whole, first="key"),
                *sections(whole, whole, ""),
            ]
        )
        + "\n"
    )


def sections(owner: Json, whole: Json, path: str) -> Iterator[str]:
    """Sections of every object inside an object, with the way that leads there."""
    for key, inner in parts(owner, whole):
        here = f"{path}.{key}".lstrip(".")
        yield f"## {here}"
        yield markdown(inner.get("description", ""))
        yield table(inner, whole, first="key")
        yield from sections(inner, whole, here)
