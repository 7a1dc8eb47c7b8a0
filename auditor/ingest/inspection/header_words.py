"""What the name of a column says about the part it plays."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.ingest.inspection.roles import Role

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")

ATTRIBUTES: dict[str, frozenset[str]] = {
    "sex": frozenset({"sex", "gender"}),
    "race": frozenset({"race", "races", "ethnicity", "ethnicities", "ethnic", "hispanic"}),
    "age": frozenset({"age", "dob", "birth", "birthdate", "birthday", "birthyear"}),
    "disability": frozenset({"disability", "disabilities", "disabled"}),
    "veteran": frozenset({"veteran", "veterans"}),
}
"""Canonical attributes and the words that name them; a column of another name is not taken."""

SENSITIVE = frozenset(
    {"religion", "nationality", "citizenship", "pregnancy", "pregnant", "marital", "orientation"}
    | {"transgender", "lgbt", "lgbtq", "caste"}
)
"""Groups that the law knows and that have no canonical name here."""

DEEDS = frozenset(
    {"hired", "hire", "selected", "advanced", "offered", "promoted", "shortlisted", "accepted"}
    | {"callback", "passed", "pass", "invited", "approved", "called", "recommended"}
)
"""Names of columns whose yes is good for the person."""

_CONTACT = frozenset(
    {"email", "mail", "phone", "mobile", "telephone", "address", "street", "ssn", "passport"}
    | {"surname", "lastname", "firstname", "fullname", "forename", "linkedin"}
)
_STAFF = frozenset({"recruiter", "manager", "interviewer", "reviewer", "approver", "sourcer"})
_PEOPLE = frozenset(
    {"candidate", "applicant", "person", "employee", "worker", "associate", "user", "contact"}
    | {"reviewee"}
)
_NAME_PARTS = frozenset(
    {"name", "names", "first", "last", "full", "middle", "given", "family", "legal", "preferred"}
)
_MOMENT_ENDS = frozenset({"at", "on", "date", "datetime", "timestamp", "time", "day"})
_NOTES = frozenset(
    {"note", "notes", "comment", "comments", "remark", "remarks", "feedback", "summary", "essay"}
    | {"resume", "cv", "question", "answer", "description"}
)
_ID_ENDS = frozenset(
    {"id", "ids", "identifier", "number", "no", "nr", "key", "ref", "reference", "uuid", "guid"}
)
_DECISIONS = frozenset(
    {"application", "submission", "decision", "case", "evaluation", "assessment", "interview"}
)
_PLACES = frozenset({"requisition", "req", "job", "posting", "position", "vacancy", "opening"})
_STRATA = _PLACES | frozenset(
    {"department", "dept", "division", "team", "location", "site", "office", "country", "region"}
    | {"level", "grade", "organization", "organisation", "org", "unit", "function", "cycle"}
)
_STEPS = frozenset({"level", "grade"})
_SCORES = frozenset(
    {"score", "scores", "probability", "proba", "prob", "rank", "ranking", "percentile"}
    | {"prediction", "predicted", "likelihood", "rating"}
)
_OF_MODELS = frozenset(
    {"model", "ai", "algorithm", "match", "matching", "fit", "predicted", "prediction", "overall"}
    | {"final", "total", "composite", "hire", "hiring", "screening", "selection"}
)
_LABELS = frozenset({"label", "truth", "actual", "target", "retained", "succeeded", "performed"})
_CHOICES = frozenset({"outcome", "decision", "disposition", "decided"})
_STATES = frozenset({"status", "stage", "result", "state", "recommendation"})
_COUNTS = frozenset({"count", "counts", "n", "headcount", "submissions", "applicants", "people"})
_COUNT_PARTS = _COUNTS | frozenset({"number", "of", "total", "applications", "candidates"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A part that the name of a column speaks for; ``tier`` 0 speaks the loudest.

    A stratum or a person of tier 1 is none when the column holds quantities.
    """

    role: Role
    attribute: str | None = None
    tier: int = 0


def words_of(name: str) -> tuple[str, ...]:
    """Words of a column name, however they are joined.

    Examples
    --------
    >>> words_of("raceEthnicity"), words_of("Req. ID"), words_of("EEO_race")
    (('race', 'ethnicity'), ('req', 'id'), ('eeo', 'race'))
    """
    return tuple(word.casefold() for word in _WORD.findall(_HUMP.sub(" ", name)))


def hint_of(name: str) -> Hint | None:
    """Say what a column name speaks for; None when it says nothing.

    Examples
    --------
    >>> hint_of("candidateGender").attribute, hint_of("hired_on").role.value
    ('sex', 'date')
    """
    ordered = words_of(name)
    words = frozenset(ordered)
    last = ordered[-1] if ordered else ""
    is_birth = "birth" in words
    if words & _CONTACT or ordered[:2] == ("e", "mail"):
        return Hint(role=Role.PERSONAL)
    if last in _MOMENT_ENDS and not is_birth:
        return Hint(role=Role.DATE)
    if words & _STAFF or last == "by" or _is_a_persons_name(words):
        return Hint(role=Role.PERSONAL, tier=1)
    for attribute, named in ATTRIBUTES.items():
        if words & named:
            return Hint(role=Role.GROUP, attribute=attribute, tier=int(last in _ID_ENDS))
    if words & SENSITIVE:
        return Hint(role=Role.GROUP, attribute="-".join(ordered))
    if words & _NOTES:
        return Hint(role=Role.FREE_TEXT)
    return _hint_of_work(ordered, words, last)


def names_a_requisition(name: str) -> bool:
    """Whether a column says what a person applied for.

    Examples
    --------
    >>> names_a_requisition("job_req_id"), names_a_requisition("department")
    (True, False)
    """
    return bool(_PLACES & set(words_of(name)))


def names_ethnicity_alone(name: str) -> bool:
    """Whether a column asks for ethnicity and leaves race to another question.

    Examples
    --------
    >>> names_ethnicity_alone("Ethnicity"), names_ethnicity_alone("race_ethnicity")
    (True, False)
    """
    words = set(words_of(name))
    return bool(words & ATTRIBUTES["race"]) and not words & {"race", "races"}


def _is_a_persons_name(words: frozenset[str]) -> bool:
    return bool(words) and ("name" in words or words <= _PEOPLE) and words <= _NAME_PARTS | _PEOPLE


def _hint_of_work(ordered: tuple[str, ...], words: frozenset[str], last: str) -> Hint | None:
    """Read a name that speaks of nobody."""
    if ordered == ("model",) or ("model" in words and words & {"version", "name", "id"}):
        return Hint(role=Role.MODEL_VERSION)
    if last in _ID_ENDS:
        return _id_hint(words)
    if words & _SCORES:
        return Hint(role=Role.SCORE, tier=_score_tier(words))
    if words & _LABELS or {"y", "true"} <= words:
        return Hint(role=Role.LABEL)
    if words & {"reason", "reasons", "days", "to"}:
        return None
    if words & _CHOICES:
        return Hint(role=Role.OUTCOME)
    if words & DEEDS or ordered == ("offer",):
        return Hint(role=Role.OUTCOME, tier=1)
    if words & _STATES and not words & (_PLACES | {"employment"}):
        return Hint(role=Role.OUTCOME, tier=2)
    if words & _COUNTS and words <= _COUNT_PARTS:
        return Hint(role=Role.COUNT)
    if words & _STRATA or last == "family":
        return Hint(role=Role.STRATUM, tier=int(last not in _STEPS))
    return None


def _id_hint(words: frozenset[str]) -> Hint:
    if words & _PLACES:
        return Hint(role=Role.STRATUM)
    if words & _PEOPLE:
        return Hint(role=Role.PERSON)
    tier = 0 if words & _DECISIONS else 1 if words <= _ID_ENDS else 2
    return Hint(role=Role.ID, tier=tier)


def _score_tier(words: frozenset[str]) -> int:
    if words & _OF_MODELS and not words & {"rating"}:
        return 0
    return 1 if words <= _SCORES | _PEOPLE | {"raw", "value"} else 2
