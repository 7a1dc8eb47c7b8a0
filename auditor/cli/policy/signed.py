"""Keys and signatures as people read them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.terminal import console
from auditor.report.page import Page
from auditor.report.words import visible

if TYPE_CHECKING:
    from auditor.policy import Policy
    from auditor.signing import Checked, Signature, Verification

_INDENT = 13


def show_key(public: str, place: str, *, encrypted: bool) -> None:
    """Print where a key is, and, for machines and keyrings, the entry of its public half."""
    page = _page()
    cover = "with a passphrase" if encrypted else "without a passphrase"
    page.line("", f"A private key {cover} is in {place}. Keep it to yourself.", indent=0)
    page.line("", "This goes into the keyring, with your name and your roles:", indent=0)
    start = datetime.now(UTC).date().isoformat()
    click.echo(f"  - {{name: YOUR NAME, key: {public}, roles: [YOUR ROLE], from: {start}}}")
    click.echo(
        "  # whoever reviews needs two more in these braces: trained_on: DATE, may_change: true"
    )


def show_signature(made: Signature, place: Path) -> None:
    """Print what was signed."""
    page = _page()
    page.line(
        "",
        f"{made.policy} {made.version} is signed for {made.role}, dated {made.signed_on}.",
        indent=0,
    )
    page.line("", f"Policy {made.digest}", indent=0)
    page.line("", f"Key {made.key}", indent=0)
    click.echo(f"Written: {visible(str(place))}", err=True)


def show_verification(policy: Policy, found: Verification) -> None:
    """Print every signature with what became of it, and what the policy asks for."""
    page = _page()
    page.line("", f"{policy.id} {policy.version}, {policy.path}", indent=0)
    page.line("", f"Policy {found.digest}", indent=0)
    for entry in found.checked:
        _show_one(page, entry)
    if not found.checked:
        page.line("  none", "There is no signature.", indent=_INDENT)
    if policy.signed_by:
        page.line("", f"Has to be signed by: {', '.join(policy.signed_by)}.", indent=0)
    else:
        page.line("", "It names no role that has to sign; one signature is enough.", indent=0)
    if found.complete:
        page.line("", f"Complete: signed for {', '.join(found.standing)}.", indent=0, style="green")


def _show_one(page: Page, entry: Checked) -> None:
    one = entry.signature
    who = entry.person or "somebody unknown"
    head, style = ("valid", "green") if entry.valid else ("not valid", "bold red")
    text = f"{who} for {one.role}, dated {one.signed_on}"
    page.line(f"  {head}", text if entry.valid else f"{text}: {entry.why_not}", indent=_INDENT,
              style=style)  # fmt: skip
    page.line("", one.key, indent=_INDENT)


def _page() -> Page:
    return Page(console=console(), hidden={}, lines=())
