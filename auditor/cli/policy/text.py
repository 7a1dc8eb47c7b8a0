"""Policies as people read them: what is judged, how strictly, under which text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from auditor.cli.policy.wording import (
    about_groups,
    about_review,
    beside_rules,
    cited,
    contents,
    days_of,
    sentence,
    standing,
    value_text,
)
from auditor.cli.terminal import console
from auditor.report.page import Page
from auditor.report.words import many, plain, visible
from auditor.rules.filled import filled_options

if TYPE_CHECKING:
    from datetime import date

    from auditor.policy import Policy
    from auditor.rules.base import Rule
    from auditor.rules.bound import BoundPolicy
    from auditor.rules.lint import Remark
    from auditor.run.examples import Tried
    from auditor.run.nudging import Nudged

_INDENT = 4


def show_packs(policies: Sequence[Policy], *, as_of: date) -> None:
    """Print the shipped packs, two lines each."""
    page = policy_page()
    width = max(len(policy.id) for policy in policies) + 2
    for policy in policies:
        page.line(
            policy.id,
            f"version {policy.version}, {standing(policy, as_of)}; {contents(policy)}",
            indent=width,
            style="bold",
        )
        page.line("", policy.title, indent=width)


def show_policy(bound: BoundPolicy, *, as_of: date) -> None:
    """Print a whole policy in plain words."""
    policy, page = bound.policy, policy_page()
    page.line("", f"{policy.id} {policy.version}: {policy.title}", indent=0)
    page.line("", f"{policy.path}, sha256 {policy.sha256}", indent=0)
    page.line("", sentence(f"{standing(policy, as_of)}; owner: {policy.owner}"), indent=0)
    page.line("", f"{days_of(policy)} {policy.notice}", indent=0)
    for line in beside_rules(policy):
        page.line("", line, indent=0)
    for section, title in (("gates", "what has to hold"), ("reviews", "about one decision")):
        rules = [rule for rule in bound.rules if rule.section == section]
        for n, rule in enumerate(rules):
            page.gap()
            if n == 0:
                page.line("", f"{section.upper()}, {title}", indent=0)
            _show_rule(page, rule)
    if policy.examples:
        page.gap()
        page.line(
            "",
            f"{many(len(policy.examples), 'example')}; 'auditor policy test' runs them.",
            indent=0,
        )
    page.gap()
    page.line("", "BASIS", indent=0)
    for basis in policy.basis:
        page.line(f"{basis.id} ", f"{basis.cite} ({plain(basis.status)})", indent=_INDENT)
        page.line("", basis.says, indent=_INDENT)
        page.line("", f"Source: {basis.source or 'none given'}", indent=_INDENT)


def show_remarks(bound: BoundPolicy, found: Sequence[Remark]) -> None:
    """Print what is worth a second look in a policy that is not refused."""
    page, policy = policy_page(), bound.policy
    for remark in found:
        page.line("", f"{remark.level}: {remark.message}", indent=0)
        if remark.where is not None:
            # unwrapped, so that a terminal can open it
            click.echo(f"  --> {visible(str(remark.where))}", err=True)
    warnings = sum(remark.level == "warning" for remark in found)
    page.line(
        "",
        f"{policy.path}: {policy.id} {policy.version}, {contents(policy)}; no error, "
        f"{many(warnings, 'warning')}, {many(len(found) - warnings, 'note')}",
        indent=0,
    )


def show_tried(bound: BoundPolicy, tried: Sequence[Tried]) -> None:
    """Print every example and whether it turned out as the policy says."""
    page = policy_page()
    page.line("", f"{bound.policy.id} {bound.policy.version}, {bound.policy.path}", indent=0)
    for one in tried:
        head, style = ("ok", "green") if one.as_expected else ("differs", "bold red")
        page.line(f"  {head}", one.example.name, indent=11, style=style)
        for difference in one.differences:
            page.line(
                "",
                f"{difference.rule}: expected {plain(difference.expected)}, found "
                f"{plain(difference.found)}. {difference.says}",
                indent=11,
            )
        for reason in one.unseen:
            page.line("", reason, indent=11)
    as_expected = sum(one.as_expected for one in tried)
    page.line(
        "", f"{as_expected} of {many(len(tried), 'example')} turned out as expected.", indent=2
    )


def show_nudged(nudged: Nudged) -> None:
    """Print how many moved numbers the examples noticed, and what no example can be about."""
    page = policy_page()
    missed = len(nudged.survivors)
    page.line(
        "",
        f"{len(nudged.nudges) - missed} of {many(len(nudged.nudges), 'moved number')} noticed.",
        indent=2,
    )
    if nudged.inherited:
        are = "is" if nudged.inherited == 1 else "are"
        page.line(
            "",
            f"{many(nudged.inherited, 'number')} inherited unchanged from {nudged.parent} {are} "
            "tested there.",
            indent=2,
        )
    if nudged.drawing:
        page.line(
            "",
            f"Not moved, because no example can show them: {', '.join(nudged.drawing)}.",
            indent=2,
        )


def _show_rule(page: Page, rule: Rule) -> None:
    entry = rule.entry
    page.line("", f"{entry.id} ({entry.kind})", indent=2)
    page.line("", entry.says, indent=_INDENT)
    for text in about_groups(rule) if rule.section == "gates" else about_review(rule):
        page.line("", text, indent=_INDENT)
    filled = filled_options(rule)
    written = [f"{plain(name)} {value_text(rule.entry.options[name])}" for name in entry.options]
    left = [f"{plain(n)} {value_text(v)}" for n, v in filled.items() if n not in entry.options]
    if written:
        page.line("", f"As written: {'; '.join(written)}.", indent=_INDENT)
    if left:
        page.line("", f"By default: {'; '.join(left)}.", indent=_INDENT)
    page.line("", f"Because: {'; '.join(cited(rule))}.", indent=_INDENT)


def policy_page() -> Page:
    """Open a page on the console for people; nothing of a policy is hidden."""
    return Page(console=console(), hidden={}, lines=())
