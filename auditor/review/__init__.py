"""Queue, review and oversight: which decisions wait for a person, and what people did."""

from auditor.review.case import Case, Demands, cases_of
from auditor.review.desk import Desk
from auditor.review.queue import Item, Queue, queue
from auditor.review.recording import Checked, checked_draft, checked_review, checked_step
from auditor.review.saying import Answer, Said, answers

__all__ = [
    "Answer",
    "Case",
    "Checked",
    "Demands",
    "Desk",
    "Item",
    "Queue",
    "Said",
    "answers",
    "cases_of",
    "checked_draft",
    "checked_review",
    "checked_step",
    "queue",
]
