"""Changes between two policies, for people and for machines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.policy.text import policy_page
from auditor.report.words import DIRECTIONS, visible
from auditor.rules.differences import differences

if TYPE_CHECKING:
    from auditor.policy import Policy
    from auditor.rules.bound import BoundPolicy

_STYLES = {"tighter": "bold", "looser": "bold red", "neutral": "", "unclear": "bold yellow"}
_INDENT = 20


def show_changes(old: BoundPolicy, new: BoundPolicy) -> None:
    """Print every change with the way it goes and its place, and how many there are of each."""
    page, changes = policy_page(), differences(old, new)
    page.line("old", _named(old.policy), indent=5)
    page.line("new", _named(new.policy), indent=5)
    page.gap()
    for change in changes:
        sign, word = DIRECTIONS[change.direction]
        style = _STYLES[change.direction]
        page.line(f"{sign} {word}", change.says, indent=_INDENT, style=style)
        if change.where is not None:
            # unwrapped, so that a terminal can open it
            click.echo(f"  --> {visible(str(change.where))}", err=True)
    counts = [
        f"{sum(change.direction == way for change in changes)} {word.partition(':')[0]}"
        for way, (_, word) in DIRECTIONS.items()
    ]
    if changes:
        page.gap()
    page.line("", f"{', '.join(counts)}." if changes else "Both mean the same.", indent=0)


def write_changes(old: BoundPolicy, new: BoundPolicy) -> None:
    """Write the changes as JSON: UTF-8 on standard output, whatever the terminal speaks."""
    document = {
        "auditor": "policy-diff/1",
        "old": _facts(old.policy),
        "new": _facts(new.policy),
        "changes": [
            {
                "rule": change.rule,
                "key": change.key,
                "old": change.old,
                "new": change.new,
                "direction": change.direction,
                "says": change.says,
                "where": None if change.where is None else str(change.where),
            }
            for change in differences(old, new)
        ],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    sys.stdout.buffer.write(f"{text}\n".encode())


def _named(policy: Policy) -> str:
    return f"{policy.id} {policy.version}, {policy.path}"


def _facts(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "version": policy.version,
        "path": policy.path,
        "sha256": policy.sha256,
    }
