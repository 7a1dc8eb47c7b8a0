"""What stands on the first screen: what weakens the verdict, and what each policy says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from auditor.report import numbers
from auditor.report.checklist import open_questions
from auditor.report.tables import rate_tables
from auditor.report.words import STATES, attribute_label, shown_state
from auditor.result import AuditDocument
from auditor.result.document import PolicyRef
from auditor.vocabulary import is_intersection

_SHOWN = 4
_FEW, _MANY = Fraction(1, 200), Fraction(19, 20)
"""Rates of selection below and above which the two outcomes may have been turned around."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One sentence that a reader needs before the verdict."""

    says: str
    attribute: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """One policy: how many of its findings that move the verdict say what, and its sentences."""

    policy: PolicyRef
    counts: tuple[tuple[str, int], ...]
    warnings: int
    missing: int
    sentences: tuple[str, ...]
    extends: str


def period_words(document: AuditDocument) -> str:
    """Say from when to when decisions were taken; empty where no column says it."""
    period = document["row_account"]["period"]
    if period is None:
        return ""
    said = f"Decisions of {period['first']} to {period['last']}"
    if period["first"] == period["last"]:
        said = f"Decisions of {period['first']}" if period["first"] else "No row has a date"
    if period["first"] and period["missing"]:
        rows = (
            "1 row has"
            if period["missing"] == 1
            else f"{numbers.count(period['missing'])} rows have"
        )
        said += f"; {rows} no date"
    return f"{said} (column {period['column']})."


def cautions(document: AuditDocument) -> tuple[Caution, ...]:
    """Say what weakens the verdict, most important first; full lists stand further down."""
    found: list[Caution] = []
    if document["profile"]["decisions"] == "test":
        found.append(Caution(says="Test data, not decisions about people."))
    if document["as_of"] > document["created"][:10]:
        says = f"As of {document['as_of']}, a day that had not come when the audit was made."
        found.append(Caution(says=says))
    found += _turned(document)
    found += _absent(document)
    found += _repeated(document)
    found += _missing(document)
    unanswered = open_questions(document)
    found += [Caution(says=unanswered)] if unanswered else []
    found += _unknown(document)
    found += _policies(document)
    found += [Caution(says=waiver["says"]) for waiver in document["waivers"]]
    explanations = document["explanations"]
    check = explanations["score_check"] if explanations else None
    if check and check["differing"]:
        found.append(Caution(says=check["says"]))
    return tuple(found)


def _missing(document: AuditDocument) -> list[Caution]:
    entries = sorted(document["not_evaluated"], key=lambda n: not n["required"])
    found = [
        Caution(says=f"Not evaluated: {n['rule']} of {n['policy']}. {n['says']}")
        for n in entries[:_SHOWN]
    ]
    if len(entries) > _SHOWN:
        left = len(entries) - _SHOWN
        rules = "rule was" if left == 1 else "rules were"
        found.append(Caution(says=f"{left} more {rules} not evaluated, listed further down."))
    return found


def _turned(document: AuditDocument) -> list[Caution]:
    """Ask whether an outcome that nearly everybody or nobody has is read the right way round.

    Of test data as well: they are read by the same profile.
    """
    table = next(
        (t for t in rate_tables(document) if t.metric == "selection-rate" and not t.stratum), None
    )
    if table is None or not table.people:
        return []
    favorable = sum(row.rate["favorable"] for row in table.rows)
    rate = Fraction(favorable, table.people)
    if _FEW <= rate <= _MANY:
        return []
    says = (
        f"{numbers.count(favorable)} of {numbers.count(table.people)} people "
        f"({numbers.share(favorable, table.people)}) are counted as selected: check that favorable "
        "and unfavorable are not the wrong way round in the profile (or better, with a cut score)."
    )
    return [Caution(says=says)]


def _absent(document: AuditDocument) -> list[Caution]:
    listed = document["row_account"]["absent_groups"]
    return [
        Caution(
            says=f"No row is of {', '.join(gone)}, which the profile lists under {name}: nothing "
            "is said about them. Check the values of the export.",
            attribute=name,
        )
        for name, gone in listed.items()
    ]


def _repeated(document: AuditDocument) -> list[Caution]:
    persons, unit = document["row_account"]["persons"], document["profile"]["unit"]
    found = []
    if persons and persons["repeated"]:
        several = "1 person stands" if persons["repeated"] == 1 else "{} people stand"
        says = (
            f"{several.format(numbers.count(persons['repeated']))} in "
            f"{numbers.count(persons['repeated_rows'])} of {numbers.count(persons['rows'])} rows "
            f"(a row is one {unit}): the tests count every row as a decision by itself."
        )
        found.append(Caution(says=says))
    if persons and persons["nameless"]:
        row = "1 row names" if persons["nameless"] == 1 else "{} rows name"
        says = (
            f"{row.format(numbers.count(persons['nameless']))} no person: whether they are of "
            "people with several rows is not known."
        )
        found.append(Caution(says=says))
    return found


def _unknown(document: AuditDocument) -> list[Caution]:
    found = []
    seen = set()
    for table in rate_tables(document):
        if table.attribute in seen or is_intersection(table.attribute) or table.stratum:
            continue
        seen.add(table.attribute)
        if table.unknown:
            part = numbers.share(table.unknown, table.people)
            says = (
                f"{attribute_label(table.attribute)} is not known for "
                f"{numbers.count(table.unknown)} of {numbers.count(table.people)} people ({part}): "
                "counted and shown, not compared."
            )
            found.append(Caution(says=says, attribute=table.attribute))
    return found


def _policies(document: AuditDocument) -> list[Caution]:
    found = []
    for policy in document["policies"]:
        if not policy["in_force"]:
            why = f"status: {policy['status'].replace('-', ' ')}"
            if policy["status"] == "in-force":
                why = f"it applies from {policy['effective_from']}"
            says = f"only advises, does not move the verdict ({why})."
            found.append(Caution(says=f"Policy {policy['id']}: {says} {policy['notice']}".rstrip()))
        elif policy["effective_from"] > document["as_of"]:
            says = f"applies from {policy['effective_from']}, and counts already, since a policy "
            says += "that it extends is in force."
            found.append(Caution(says=f"Policy {policy['id']}: {says}"))
        if policy["signed_by"] and policy["signed"] is None:
            roles = ", ".join(policy["signed_by"])
            says = f"it has to be signed by {roles}, and its signatures were not checked."
            found.append(Caution(says=f"Policy {policy['id']}: {says}"))
    return found


def lineage(policy: PolicyRef) -> str:
    """Say which policy one extends, and what it tightens; empty when it extends none."""
    extends = policy["extends"]
    if extends is None:
        return ""
    above = ", which extends ".join(f"{p['id']} {p['version']}" for p in extends["parents"])
    tightened = "; ".join(extends["tightened"])
    return f"extends {above}; {f'tightened: {tightened}' if tightened else 'nothing is tightened'}"


def policy_words(document: AuditDocument) -> Iterator[tuple[str, str]]:
    """Name all policies under a head, and below it whatever each of them rests on."""
    policies = document["policies"]
    if policies:
        yield (
            "Policies",
            ", ".join(
                f"{p['id']} {p['version']}{'' if p['in_force'] else ' (only advises)'}"
                for p in policies
            ),
        )
    yield from (("", f"{p['id']} {lineage(p)}") for p in policies if p["extends"])


def policy_lines(document: AuditDocument) -> tuple[PolicyLine, ...]:
    """One line per policy. Counts findings only; what the run says is the verdict's own field."""
    return tuple(_policy_line(document, policy) for policy in document["policies"])


def _policy_line(document: AuditDocument, policy: PolicyRef) -> PolicyLine:
    findings = [f for f in document["findings"] if f["policy"] == policy["id"]]
    blocking = [f for f in findings if f["severity"] == "block"]
    states = [shown_state(f, in_force=policy["in_force"]) for f in blocking]
    counted = Counter(states)
    return PolicyLine(
        policy=policy,
        counts=tuple((s, counted[s]) for s in STATES if s != "warning" and counted[s]),
        warnings=sum(shown_state(f, in_force=policy["in_force"]) == "warning" for f in findings),
        missing=sum(1 for n in document["not_evaluated"] if n["policy"] == policy["id"]),
        sentences=tuple(f["says"] for f in blocking if f["attribute"] is None),
        extends=lineage(policy),
    )
