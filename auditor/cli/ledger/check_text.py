"""What a verification found, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.cli.ledger.text import counted_entries, page, show_cautions
from auditor.report.words import many, visible

if TYPE_CHECKING:
    from auditor.ledger.verification import LedgerCheck
    from auditor.report.page import Page

_MOST_SHOWN = 20


def show_check(found: LedgerCheck, place: str) -> None:
    """Print what became of a verification, and what it could not see."""
    shown = page()
    shown.line("", f"{found.name or 'a ledger without a name'}, {place}", indent=0)
    shown.line("", f"{counted_entries(found.size)}, root {found.root.hex()}", indent=0)
    if found.holds:
        shown.line("", "Nothing was found that does not hold.", indent=0, style="green")
    else:
        first = "" if found.first_bad is None else f" The first is about entry {found.first_bad}."
        shown.line(
            "",
            f"{many(found.fault_count, 'thing does', 'things do')} not hold.{first}",
            indent=0,
            style="bold red",
        )
    if found.anchored is not None:
        made = "" if found.anchored_on is None else f", made on {found.anchored_on},"
        shown.line(
            "",
            f"A checkpoint from outside{made} covers {counted_entries(found.anchored)}, which "
            "are as they were then.",
            indent=0,
        )
        if not found.signatures_checked:
            shown.line("", "Who signed it was not looked up: there is no keyring.", indent=0)
        if found.signatures_taken:
            shown.line(
                "",
                f"The signatures of the first {counted_entries(found.signatures_taken)} were not "
                "computed: whoever signed the checkpoint answers for them.",
                indent=0,
                style="yellow",
            )
    elif found.last_good is not None:
        shown.line(
            "",
            "A checkpoint that is kept in the ledger itself covers "
            f"{counted_entries(found.last_good)}; {_about_kept(found)}.",
            indent=0,
        )
    if found.holds:
        shown.line("", f"Not shown: {found.cannot_exclude}.", indent=0, style="yellow")
    show_cautions(shown, found.cautions)
    _show_remarks(shown, found)


def _about_kept(found: LedgerCheck) -> str:
    if not found.signatures_checked:
        return (
            "whoever can write the ledger could have made it fit, since no keyring says whose it is"
        )
    return (
        "whoever can write the ledger cannot make one, but can take away newer ones together with "
        "the entries behind an older one"
    )


def _show_remarks(shown: Page, found: LedgerCheck) -> None:
    for seq in found.clock_went_back[:_MOST_SHOWN]:
        shown.line(
            "",
            f"Warning: the clock went back; entry {seq} is dated more than 5 minutes before the "
            "one in front of it.",
            indent=0,
        )
    for size in found.signed_by_nobody[-_MOST_SHOWN:]:
        shown.line(
            "",
            f"Warning: a checkpoint that is kept in the ledger, of {counted_entries(size)}, was "
            "signed by nobody of the keyring with the role 'checkpoint'. It covers nothing.",
            indent=0,
        )
    for says in found.left_aside[:_MOST_SHOWN]:
        _show_left_aside(shown, says)
    for seq, why in found.not_authentic[:_MOST_SHOWN]:
        shown.line("", f"Nobody stands behind entry {seq}: {why}.", indent=0)
    many = (
        found.clock_went_back,
        found.signed_by_nobody,
        found.left_aside,
        found.not_authentic,
    )
    if max(map(len, many)) > _MOST_SHOWN:
        shown.line("", "And more of these.", indent=0)
    if found.unsigned:
        shown.line("", f"{counted_entries(found.unsigned)} without a signature.", indent=0)
    show_salvage(shown, found)
    if found.erased:
        nobody = (
            f", {found.erased_unsigned} of them by entries that nobody signed: whoever can write "
            "the ledger could have taken them away"
            if found.erased_unsigned
            else ""
        )
        shown.line("", f"Words that were erased: {found.erased}{nobody}.", indent=0)


def _show_left_aside(shown: Page, says: str) -> None:
    shown.line(
        "",
        f"Warning: {visible(says)}. Nobody of the keyring with the role 'checkpoint' signed it, so "
        "it is left aside.",
        indent=0,
    )


def show_unseen(shown: Page, found: LedgerCheck) -> None:
    """Print what somebody signs without knowing, for want of a checkpoint kept elsewhere."""
    if found.anchored is None:
        shown.line(
            "",
            "No earlier checkpoint was named with --after: what is signed is what the ledger holds "
            "now, also where it was written anew since the last one. A first checkpoint has none.",
            indent=0,
            style="yellow",
        )
    elif not found.signatures_checked:
        shown.line(
            "", "Who signed the earlier one was not looked up: there is no keyring.", indent=0
        )
    show_cautions(shown, found.cautions)
    for says in found.left_aside[:_MOST_SHOWN]:
        _show_left_aside(shown, says)


def show_salvage(shown: Page, found: LedgerCheck) -> None:
    """Print which entries say that the ledger was salvaged, and what was lost; nothing if none."""
    for seq in found.salvaged:
        shown.line(
            "", f"Entry {seq} says that what followed was lost, and this is a salvage.", indent=0
        )
    if found.words_lost:
        shown.line("", f"Words that were lost then: {found.words_lost}.", indent=0)
