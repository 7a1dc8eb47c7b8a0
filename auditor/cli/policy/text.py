"""Policies as people read them: what is judged, how strictly, under which text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.terminal import console
from auditor.report.page import Page
from auditor.report.words import attribute_label, plain, visible
from auditor.rules.filled import filled_options
from auditor.rules.resolve import flow
from auditor.vocabulary import attributes_of

if TYPE_CHECKING:
    from datetime import date

    from auditor.policy import Policy
    from auditor.rules.base import Rule
    from auditor.rules.bind import BoundPolicy
    from auditor.rules.lint import Remark
    from auditor.run.examples import Tried
    from auditor.run.nudging import Nudged

_SEVERITIES = {
    "block": "block: it moves the verdict",
    "warn": "warn: it is printed and moves nothing",
    "info": "info: it is printed and moves nothing",
}
_INDENT = 4


def show_packs(policies: Sequence[Policy], *, as_of: date) -> None:
    """Print the shipped packs, two lines each."""
    page = _page()
    width = max(len(policy.id) for policy in policies) + 2
    for policy in policies:
        page.line(
            policy.id,
            f"version {policy.version}, {_standing(policy, as_of)}; {_contents(policy)}",
            indent=width,
            style="bold",
        )
        page.line("", policy.title, indent=width)


def show_policy(bound: BoundPolicy, *, as_of: date) -> None:
    """Print a whole policy in plain words."""
    policy, page = bound.policy, _page()
    page.line("", f"{policy.id} {policy.version}: {policy.title}", indent=0)
    page.line("", f"{policy.path}, sha256 {policy.sha256}", indent=0)
    page.line("", _sentence(f"{_standing(policy, as_of)}; owner: {policy.owner}"), indent=0)
    page.line("", f"{_days(policy)} {policy.notice}", indent=0)
    for section, title in (("gates", "about groups"), ("reviews", "about one decision")):
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
            f"{_many(len(policy.examples), 'example')}; 'auditor policy test' runs them.",
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
    page, policy = _page(), bound.policy
    for remark in found:
        page.line("", f"{remark.level}: {remark.message}", indent=0)
        if remark.where is not None:
            # unwrapped, so that a terminal can open it
            click.echo(f"  --> {visible(str(remark.where))}", err=True)
    warnings = sum(remark.level == "warning" for remark in found)
    page.line(
        "",
        f"{policy.path}: {policy.id} {policy.version}, {_contents(policy)}; no error, "
        f"{_many(warnings, 'warning')}, {_many(len(found) - warnings, 'note')}",
        indent=0,
    )


def show_tried(bound: BoundPolicy, tried: Sequence[Tried]) -> None:
    """Print every example and whether it turned out as the policy says."""
    page = _page()
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
        "", f"{as_expected} of {_many(len(tried), 'example')} turned out as expected.", indent=2
    )


def show_nudged(nudged: Nudged) -> None:
    """Print how many moved numbers the examples noticed, and what no example can be about."""
    page = _page()
    missed = len(nudged.survivors)
    page.line(
        "",
        f"{len(nudged.nudges) - missed} of {_many(len(nudged.nudges), 'moved number')} noticed.",
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
    for text in _about_groups(rule) if rule.section == "gates" else _about_review(rule):
        page.line("", text, indent=_INDENT)
    filled = filled_options(rule)
    written = [f"{plain(name)} {_value(rule.entry.options[name])}" for name in entry.options]
    left = [f"{plain(n)} {_value(v)}" for n, v in filled.items() if n not in entry.options]
    if written:
        page.line("", f"As written: {'; '.join(written)}.", indent=_INDENT)
    if left:
        page.line("", f"By default: {'; '.join(left)}.", indent=_INDENT)
    page.line("", f"Because: {'; '.join(_cited(rule))}.", indent=_INDENT)


def _about_groups(rule: Rule) -> Iterator[str]:
    entry = rule.entry
    if isinstance(entry.for_each, tuple):
        where = f"For {_listed(entry.for_each)}"
    else:
        where = "For every attribute that the profile declares"
        if rule.policy.intersections:
            where += f", and for {_listed(rule.policy.intersections)}"
    absent = " What the export does not have is listed." if entry.when_present else ""
    yield f"{where}. Severity {_SEVERITIES[entry.severity.value]}.{absent}"


def _about_review(rule: Rule) -> Iterator[str]:
    entry = rule.entry
    due = "" if entry.due_days is None else f", due within {_many(entry.due_days, 'day')}"
    yield f"{'Mandatory' if entry.mandatory else 'Advised'}; reviewer: {entry.reviewer}{due}."


def _cited(rule: Rule) -> Iterator[str]:
    known = {basis.id: basis for basis in rule.policy.basis}
    for name in rule.entry.because:
        yield f"{known[name].cite} ({plain(known[name].status)})"


def _value(value: Any) -> str:
    return "none" if value is None else str(value) if isinstance(value, str) else flow(value)


def _listed(attributes: Sequence[str]) -> str:
    return ", ".join(
        attribute_label(name) if len(attributes_of(name)) > 1 else name for name in attributes
    )


def _standing(policy: Policy, as_of: date) -> str:
    if policy.in_force(as_of):
        return f"in force since {policy.effective_from}"
    if policy.status == "in-force":
        return f"not yet in force, advises only until {policy.effective_from}"
    return f"{plain(policy.status)}, advises only"


def _days(policy: Policy) -> str:
    parts = [f"Checked on {policy.verified_on}." if policy.verified_on else "Never checked."]
    if policy.review_by:
        parts.append(f"To be reviewed by {policy.review_by}.")
    return " ".join(parts)


def _contents(policy: Policy) -> str:
    gates = sum(rule.section == "gates" for rule in policy.rules)
    return ", ".join(
        (
            _many(gates, "gate"),
            _many(len(policy.rules) - gates, "review"),
            _many(len(policy.examples), "example"),
        )
    )


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _page() -> Page:
    return Page(console=console(), hidden={}, lines=())
