"""The copy of a policy that people read aloud and sign: one page for paper."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.report.templating import environment

SIGNED_BY = ("Human resources", "Information technology", "")
"""Who signs; the last line is for whoever else has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCopy:
    """One gate or review: what it says, whom it looks at, what its options mean, what follows."""

    id: str
    kind: str
    says: str
    looks_at: tuple[str, ...]
    options: tuple[str, ...]
    follows: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisCopy:
    """One text that rules rest on."""

    cite: str
    status: str
    says: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningCopy:
    """A whole policy in plain words; ``status`` says what holds on the day ``as_of``."""

    id: str
    version: str
    title: str
    status: str
    as_of: str
    facts: tuple[tuple[str, str], ...]
    notice: str
    covered: tuple[str, ...]
    duties: tuple[str, ...]
    waivers: tuple[str, ...]
    gates: tuple[RuleCopy, ...]
    reviews: tuple[RuleCopy, ...]
    basis: tuple[BasisCopy, ...]
    examples: tuple[tuple[str, str], ...]
    digest: str
    signers: tuple[str, ...]


def render_signing_copy(copy: SigningCopy) -> str:
    """One self-contained page: no script, no request, every text escaped.

    Parameters
    ----------
    copy : SigningCopy

    Returns
    -------
    str
        HTML for A4 paper; the same policy on the same day gives the same text.
    """
    page = environment().get_template("signing_copy.html.j2")
    return page.render(copy=copy, signed_by=copy.signers or SIGNED_BY)
