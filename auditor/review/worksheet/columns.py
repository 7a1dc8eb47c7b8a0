"""The columns of both worksheets: what they show, and what a reviewer fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from auditor.ledger.bodies import FINALS

FORMAT = "auditor-worksheet/1"
Step = Literal["first", "reveal"]
STEPS: tuple[Step, ...] = get_args(Step)
"""The reviewer's own judgement, then the model's answer and what is decided."""

Kind = Literal["choice", "labels", "day", "minutes", "words"]

README = "Read me"
MARK = "Mark of the row"
MOST_REASONS = 4
MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that a reviewer fills in; ``needed`` where a row with anything in it needs it."""

    name: str
    title: str
    kind: Kind
    width: int
    help: str
    choices: tuple[str, ...] = ()
    needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One worksheet: locked columns with their widths, those of the evidence, those to fill in."""

    step: Step
    lead: Mapping[str, int]
    asked: tuple[Column, ...]

    @property
    def tail(self) -> tuple[str, ...]:
        """Titles behind the evidence."""
        return (*(column.title for column in self.asked), MARK)


_MINUTES = Column(
    name="seconds",
    title="Minutes spent",
    kind="minutes",
    width=10,
    help="How many minutes you took for this decision, for instance 6.5.",
    needed=False,
)

FIRST = Layout(
    step="first",
    lead={"Case": 12, "Decision": 18},
    asked=(
        Column(
            name="judged",
            title="Your judgement",
            kind="choice",
            width=16,
            choices=(*FINALS, "cannot say"),
            help="What you would decide yourself, from what the job asks for.",
        ),
        Column(
            name="confidence",
            title="How sure you are",
            kind="choice",
            width=12,
            choices=("low", "medium", "high"),
            help="Of several rows of one case the lowest counts.",
        ),
        Column(
            name="conflict",
            title="Conflict of interest",
            kind="choice",
            width=12,
            choices=("no", "yes"),
            help="Yes if you know the person or gain by the outcome; somebody else decides then.",
        ),
        _MINUTES,
    ),
)

REVEAL = Layout(
    step="reveal",
    lead={
        "Case": 12,
        "Decision": 18,
        "Your first judgement": 14,
        "The model's outcome": 14,
        "The score lies in": 14,
        "Raised the score": 36,
        "Lowered the score": 36,
        "Why a person decides": 40,
    },
    asked=(
        Column(
            name="outcome",
            title="What becomes of the model's outcome",
            kind="choice",
            width=14,
            choices=("kept", "changed", "not used"),
            help="Not used: you set it aside and decided without it.",
        ),
        Column(
            name="final",
            title="Final outcome",
            kind="choice",
            width=14,
            choices=FINALS,
            needed=False,
            help="Where it does not follow: always with 'not used'.",
        ),
        Column(
            name="reason_codes",
            title="Reasons",
            kind="labels",
            width=24,
            needed=False,
            help=f"At most {MOST_REASONS} short labels, with ; between them. They stay on record "
            "for good.",
        ),
        Column(
            name="considered",
            title="What you considered",
            kind="labels",
            width=24,
            help="Beyond the score, for instance: CV; work sample. Short labels with ; between.",
        ),
        Column(
            name="explanation_shown",
            title="Other explanation you saw",
            kind="labels",
            width=24,
            needed=False,
            help="What this sheet shows of the model's answer is noted by itself; add what you "
            "saw elsewhere.",
        ),
        Column(
            name="takes_effect",
            title="Takes effect on",
            kind="day",
            width=14,
            help="The day on which the decision takes effect, such as 2026-12-31.",
        ),
        Column(
            name="statement",
            title="Statement of the person",
            kind="choice",
            width=16,
            choices=("none given", "considered", "not considered"),
            help="Whether the person concerned had something to say, and whether you read it.",
        ),
        Column(
            name="rationale",
            title="Why, in your words",
            kind="words",
            width=60,
            needed=False,
            help="Every row needs it to count. Say why, above all where you depart from the model "
            "or from your own first judgement.",
        ),
        _MINUTES,
    ),
)

LAYOUTS: Mapping[str, Layout] = {"first": FIRST, "reveal": REVEAL}
