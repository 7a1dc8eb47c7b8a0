"""A small office: people with keys, one result's cases, a ledger that is a list of entries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.ledger import Draft, Entry, Words, new_draft, time_text
from auditor.review import Answer, Case, Demands, Desk, Said
from auditor.review.case import FlaggedDecision, FlaggedRule
from auditor.review.wording import empty_rationales
from auditor.signing.ed25519 import key_text, public_bytes
from auditor.signing.keyring import Holder, Keyring

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LEDGER = "acme-reviews"
FIRST = f"{1:032x}"
"""Identity of the one decision of the first case."""


@dataclass(frozen=True)
class Member:
    """Somebody with a key that a name gives."""

    name: str
    roles: tuple[str, ...]
    trained_on: date | None = date(2026, 3, 1)
    may_change: bool = True
    start: date = date(2026, 1, 1)
    until: date | None = None
    same_as: str | None = None

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.name.encode().ljust(32, b"\0"))

    @property
    def key(self) -> str:
        return key_text(public_bytes(self.private))

    @property
    def holder(self) -> Holder:
        return Holder(
            name=self.same_as or self.name,
            key=self.key,
            roles=self.roles,
            start=self.start,
            until=self.until,
            trained_on=self.trained_on,
            may_change=self.may_change,
        )


ADA = Member("Ada", ("recruiter",))
BEN = Member("Ben", ("recruiter",))
CLEO = Member("Cleo", ("recruiter",))
LEA = Member("Lea", ("lead",))
PAGE = Member("page", ("review-service",), trained_on=None, may_change=False)
EVE = Member("Eve", ("recruiter",))  # never in the keyring
CORA = Member("Cora", ("recruiter",), trained_on=None, may_change=False)
"""Enters the requests of people concerned and decides nothing; in every keyring."""
TEAM = (ADA, BEN, CLEO, LEA, PAGE)


def ring(*members: Member) -> Keyring:
    holders = tuple(one.holder for one in (*(members or TEAM), CORA))
    return Keyring(path="ring.yaml", holders=holders)


def rule(name: str = "p/near", **said: Any) -> FlaggedRule:
    plain: dict[str, Any] = {
        "name": name,
        "policy": name.split("/", maxsplit=1)[0],
        "mandatory": True,
        "reason": "Close to the line.",
        "evidence": "score 0.51",
        "factors": "",
        "reviewer": "recruiter",
        "due": date(2026, 11, 27),
        "readers": 1,
    }
    return FlaggedRule(**plain | said)


def case(n: int = 1, *rules: FlaggedRule, outcome: str = "unfavorable") -> Case:
    decision = FlaggedDecision(
        identity=f"{n:032x}",
        decision=f"A-{n}",
        outcome=outcome,
        score="0.51",
        model_version="v1",
        rules=rules or (rule(),),
    )
    return Case(id=f"c{n:031x}", decisions=(decision,))


def demands(roles: dict[str, tuple[str, ...]] | None = None, *pairs: tuple[str, str]) -> Demands:
    return Demands(
        roles={"p": roles or {}},
        keep_apart={"p": tuple(map(frozenset, pairs))},
        clocks={
            ("p", name): (kind, "recruiter")
            for name, kind in (
                ("appeal-clock", "appeal"),
                ("reconsideration-clock", "reconsideration"),
                ("appeal", "appeal"),
                ("appeal-late", "appeal"),
            )
        },
        reviewers={"p": frozenset({"recruiter", "lead"})},
    )


@dataclass
class Office:
    """Cases, demands and a keyring; entries are said one after the other."""

    cases: tuple[Case, ...] = field(default_factory=lambda: (case(1), case(2)))
    demands: Demands = field(default_factory=demands)
    keyring: Keyring | None = field(default_factory=ring)
    now: datetime = NOW
    entries: list[Entry] = field(default_factory=list)
    words: dict[tuple[str, str], Words] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.put(new_draft(LEDGER, "ledger-opened", {"format": "auditor-ledger/1"}, now=self.now))

    def put(self, draft: Draft, at: datetime | None = None) -> Entry:
        """Take whatever it is: no store checks it here."""
        entry = Entry(
            seq=len(self.entries), at=time_text(at or self.now), previous="0" * 64, draft=draft
        )
        self.entries.append(entry)
        return entry

    @property
    def desk(self) -> Desk:
        return Desk(
            cases=self.cases,
            demands=self.demands,
            result="a" * 64,
            ledger=LEDGER,
            entries=tuple(self.entries),
            keyring=self.keyring,
            empty=empty_rationales(self.entries, self.words),
        )

    def body(self, n: int = 0, who: Member = ADA, **said: Any) -> dict[str, Any]:
        """Body of a review in which nothing is missing, but for what is said otherwise."""
        one = self.cases[n]
        outcome, rules = said.pop("outcome", "kept"), said.pop("rules", None)
        final = said.pop("final", None)
        settles = []
        for decision in one.decisions:
            other = "favorable" if decision.outcome == "unfavorable" else "unfavorable"
            settles.append(
                {
                    "identity": decision.identity,
                    "rules": [r.name for r in decision.rules] if rules is None else rules,
                    "model": decision.outcome,
                    "final": final or (other if outcome == "changed" else decision.outcome),
                    "outcome": outcome,
                }
            )
        return {
            "case": one.id,
            "result": "a" * 64,
            "role": who.roles[0],
            "settles": settles,
            "trained_on": who.trained_on and who.trained_on.isoformat(),
            "may_change": who.may_change,
            "considered": ["CV"],
            "explanation_shown": ["reasons"],
            "takes_effect": "2026-11-30",
            "reason_codes": [],
            "statement": "none-given",
            "seconds": 60,
            "first": None,
            "conflict": False,
            "corrects": None,
        } | said

    def draft(self, kind: Any, body: dict[str, Any], *, words: bool = True) -> Draft:
        beside = {"rationale": Words(text="Looked at the work sample.", salt="0" * 32)}
        return new_draft(LEDGER, kind, body, words=beside if words else None, now=self.now)

    def review(self, n: int = 0, who: Member = ADA, **said: Any) -> Entry:
        return self.put(self.draft("reviewed", self.body(n, who, **said)).signed(who.private))

    def escalate(self, n: int = 0, who: Member = ADA, to: str = "lead", **said: Any) -> Entry:
        body = {"case": self.cases[n].id, "role": who.roles[0], "to_role": to} | said
        return self.put(self.draft("escalated", body).signed(who.private))

    def claim(self, n: int = 0, who: Member = ADA, **said: Any) -> Entry:
        body = {"case": self.cases[n].id, "role": who.roles[0]} | said
        return self.put(self.draft("claimed", body).signed(who.private))

    def release(self, n: int = 0, who: Member = ADA) -> Entry:
        return self.put(self.draft("released", {"case": self.cases[n].id}).signed(who.private))

    def request(self, n: int = 0, kind: str = "appeal", by: Member = CORA, **said: Any) -> Entry:
        """The person concerned asks; ``case`` and ``identity`` for one that was never flagged."""
        one = self.cases[n]
        body = {
            "case": one.id,
            "identity": one.decisions[0].identity,
            "outcome": one.decisions[0].outcome,
            "model_version": "v1",
            "request": kind,
            "policy": "p",
            "rule": f"{kind}-clock",
            "reviewer": "recruiter",
            "received": self.now.date().isoformat(),
            "due": (self.now + timedelta(days=45)).date().isoformat(),
        } | said
        return self.put(self.draft("requested", body, words=False).signed(by.private))

    def later(self, **by: int) -> None:
        self.now += timedelta(**by)

    def queue(self, as_of: date | None = None) -> Any:
        return self.desk.queue(as_of or self.now.date())

    def item(self, n: int = 0, as_of: date | None = None) -> Any:
        return self.queue(as_of).items[n]

    def why(self, n: int = 0) -> tuple[str, ...]:
        """Objections to the last record of a case."""
        last = self.item(n).records[-1]
        return last.objections or last.limits


def said(one: Case, outcome: Any = "kept", **rest: Any) -> Said:
    """What a reviewer says when nothing is missing."""
    plain = Said(
        case=one.id,
        role="recruiter",
        answers=tuple(Answer(identity=d.identity, outcome=outcome) for d in one.decisions),
        rationale="Looked at the work sample.",
        considered=("CV",),
        explanation_shown=("reasons",),
        takes_effect=date(2026, 11, 30),
    )
    return replace(plain, **rest)
