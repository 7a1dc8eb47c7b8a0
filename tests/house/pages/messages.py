from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tests.house.mending import MENDING
from tests.house.slugs import KINDS, Refusal, read_package

INTRO = """\
Everything that `auditor` refuses, by the name it gives at the end of a message
(`see docs/messages.md#missing-key`). What stands in braces is filled in when it happens. A line
`hint:` says how to mend it; several lines of a kind are alternatives. With every problem the file,
line and column are printed where there are any, and all problems of a file are reported at once.
Nothing is written when something is refused.
"""


def page() -> str:
    """Text of ``docs/messages.md``."""
    by_slug: dict[str, list[Refusal]] = defaultdict(list)
    for refusal in read_package().refusals:
        by_slug[refusal.slug].append(refusal)
    parts = ["# Messages", INTRO.strip(), _exit_codes(by_slug)]
    for slug in sorted(by_slug):
        parts += _entry(slug, by_slug[slug])
    return "\n\n".join(parts) + "\n"


def kinds_of(refusals: Iterable[Refusal]) -> tuple[str, ...]:
    """Kinds of error that some refusals are raised as, in the order of their exit codes."""
    found = {kind for refusal in refusals for kind in refusal.kinds}
    return tuple(sorted(found, key=lambda kind: (KINDS[kind].exit_code, kind)))


def _exit_codes(by_slug: dict[str, list[Refusal]]) -> str:
    rows = ["| kind | exit code | what it says | names |", "| --- | --- | --- | --- |"]
    for name, kind in sorted(KINDS.items(), key=lambda item: (item[1].exit_code, item[0])):
        slugs = sorted(slug for slug, found in by_slug.items() if name in kinds_of(found))
        links = ", ".join(f"[{slug}](#{slug})" for slug in slugs)
        if slugs:
            says = (kind.__doc__ or "").strip().partition("\n")[0]
            rows.append(f"| `{name}` | {kind.exit_code} | {says} | {links} |")
    return "\n".join(rows)


def _entry(slug: str, refusals: list[Refusal]) -> list[str]:
    kinds = " or ".join(
        f"`{kind}`, exit code {KINDS[kind].exit_code}" for kind in kinds_of(refusals)
    )
    parts = [f"## {slug}", f"{kinds}."]
    samples = dict.fromkeys(_sample(refusal) for refusal in refusals)
    parts.append("```text\n" + "\n\n".join(samples) + "\n```")
    if slug in MENDING:
        parts.append(MENDING[slug])
    return parts


def _sample(refusal: Refusal) -> str:
    lines = [f"error: {message}" for message in refusal.messages]
    for hint in refusal.hints:
        lines += [f"  hint: {hint}".replace("\n", "\n        ")]
    return "\n".join(lines)
