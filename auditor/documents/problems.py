from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from auditor.documents.document import Document, PathKey, shown
from auditor.documents.hints import did_you_mean, keys_at
from auditor.errors import Problem, Where

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)

_SHAPES = {
    "string_type": "text",
    "wrong-type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "float_type": "a number",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
}
_MOST_HINTS = 200
"""Problems whose unknown keys get a hint: nobody reads more, and looking for one takes time."""

_RANGES = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def check(
    data: object, model: type[Model], document: Document | None = None, prefix: PathKey = ()
) -> tuple[Model | None, list[Problem]]:
    """Validate plain data against a model; the problems instead of an exception.

    Parameters
    ----------
    data : object
        Part of a document, or a dict from Python.
    model : pydantic model
    document : Document, optional
        Where the data comes from; without it the problems have no place.
    prefix : path
        Where in the document ``data`` stands.
    """
    try:
        return model.model_validate(data), []
    except ValidationError as exc:
        return None, problems_of(exc, document, prefix, model=model, data=data)


def problems_of(
    exc: ValidationError,
    document: Document | None,
    prefix: PathKey = (),
    *,
    model: type[BaseModel] | None = None,
    data: object = None,
) -> list[Problem]:
    """Every error of a validation in plain words and at its place, in the order of the file.

    Parameters
    ----------
    exc : ValidationError
    document, prefix
        As in :func:`check`.
    model : pydantic model, optional
        Gives unknown keys their "did you mean".
    data : object, optional
        What was validated, when there is no document.
    """
    if document is not None:
        data = document.data
        for part in prefix:
            data = data[part]  # type: ignore[index] # the prefix is a path of the document
    errors = [_Located(error, data) for error in exc.errors(include_url=False)]
    deepest = {error.full[:n] for error in errors for n in range(len(error.full))}
    wanted: dict[PathKey, list[_Located]] = {}
    problems: list[Problem] = []
    for error in errors:
        if error.kind == "too_short" and error.path in deepest:
            continue  # every item of the list was refused, so pydantic counts none
        if error.kind not in _SHAPES:
            known = model if len(problems) < _MOST_HINTS else None
            problems.append(error.problem(document, prefix, known))
        elif error.path not in deepest:
            # Otherwise it is the branch of a union that the data did not mean.
            wanted.setdefault(error.path, []).append(error)
    problems += [_shape_problem(same, document, prefix, model) for same in wanted.values()]
    return sorted(dict.fromkeys(problems), key=_in_file_order)


@dataclass(slots=True)
class _Located:
    """One error of pydantic with the parts of its ``loc`` that are a path in the data.

    Pydantic puts names of union branches between the parts; those are skipped.
    """

    error: ErrorDetails
    data: object
    path: PathKey = ()

    def __post_init__(self) -> None:
        if self.data is None:
            self.path = self.error["loc"][: -1 if self.kind == "missing" else None]
            return
        at: Any = self.data
        for part in self.error["loc"]:
            try:
                at = _inside(at, part)
            except LookupError:
                continue
            self.path = (*self.path, part)

    @property
    def kind(self) -> str:
        return self.error["type"]

    @property
    def full(self) -> PathKey:
        """The path with the key that is missing."""
        return (*self.path, self.error["loc"][-1]) if self.kind == "missing" else self.path

    def problem(
        self, document: Document | None, prefix: PathKey, model: type[BaseModel] | None
    ) -> Problem:
        context = self.error.get("ctx", {})
        at_key = self.kind == "extra_forbidden" or "[key]" in self.error["loc"]
        where = _where(document, (*prefix, *self.path), at_key=at_key)
        name = _name(self.path, dotted=document is None)
        if self.kind == "missing":
            key = self.error["loc"][-1]
            inside = f" in {name}" if name else ""
            return Problem(message=f"{key!r} is missing{inside}", slug="missing-key", where=where)
        if self.kind == "extra_forbidden":
            known = set(keys_at(model, self.path[:-1])) if model else set()
            hint = did_you_mean(str(self.path[-1]), known) if known else None
            return Problem(
                message=f"unknown key {shown(self.path[-1])}",
                slug="unknown-key",
                where=where,
                hint=hint,
            )
        if self.kind in ("literal_error", "enum"):
            expected, got = str(context["expected"]), shown(self.error["input"])
            # words stand in quotes, numbers and true and false do not
            known = set(re.findall(r"'([^']*)'", expected)) or {expected.lower()}
            one_of, hint = "one of ", did_you_mean(str(self.error["input"]), known)
            if len(known) == 1:
                one_of, hint = "", f"write {min(known)}"
            said = f"{name} must be {one_of}{', '.join(sorted(known))}, got {got}"
            return Problem(message=said, slug="not-one-of", where=where, hint=hint)
        if self.kind in _RANGES:
            words, limit = _RANGES[self.kind]
            return Problem(
                message=f"{name} must be {words} {context[limit]}, "
                f"got {shown(self.error['input'])}",
                slug="out-of-range",
                where=where,
                hint=_of_per_cent(self.error["input"], context[limit]),
            )
        if self.kind in ("string_too_short", "too_short"):
            return Problem(message=f"{name} must not be empty", slug="empty-value", where=where)
        if "at" in context:
            # A validator of a whole model names the key that it is about.
            path = (*self.path, context["at"])
            where, name = _where(document, (*prefix, *path)), _name(path, dotted=document is None)
        said = str(context.get("error") or self.error["msg"])
        return Problem(
            message=f"{name} {said}".strip(),
            slug=self.kind if "-" in self.kind else "bad-value",
            where=where,
            hint=str(context["hint"]) if context.get("hint") else None,
        )


def _of_per_cent(value: object, limit: object) -> str | None:
    """Say how a share is written by who wrote a per cent."""
    if limit != 1 or not isinstance(value, int) or not 1 < value <= 100:
        return None
    return f"write {value / 100:g} for {value} per cent"


def _shape_problem(
    same: list[_Located],
    document: Document | None,
    prefix: PathKey,
    model: type[BaseModel] | None,
) -> Problem:
    path, value = same[0].path, same[0].error["input"]
    wanted = list(dict.fromkeys(_SHAPES[error.kind] for error in same))
    name = _name(path, dotted=document is None)
    hint = None
    if wanted == ["text"]:
        hint = same[0].error.get("ctx", {}).get("hint")
    elif wanted == ["a whole number"] and isinstance(value, str):
        hint = f"write {int(value)}" if value.isdecimal() else "write plain digits, such as 30"
    elif wanted == ["keys with values"] and model is not None:
        keys = sorted(keys_at(model, path))
        hint = f"known here: {', '.join(keys)}" if keys else None
    elif wanted == ["true or false"] and str(value).lower() in ("yes", "no", "on", "off"):
        hint = "yes, no, on and off are plain text in YAML 1.2"
    return Problem(
        message=f"{name} must be {' or '.join(wanted)}, got {shown(value)}".strip(),
        slug="wrong-type",
        where=_where(document, (*prefix, *path)),
        hint=hint,
    )


def _inside(at: Any, part: str | int) -> Any:
    if isinstance(at, dict):
        return at[part]
    if isinstance(at, list | tuple) and isinstance(part, int):
        return at[part]
    raise LookupError(part)


def _where(document: Document | None, path: PathKey, *, at_key: bool = False) -> Where | None:
    if document is None:
        return None
    return document.where_key(path) if at_key else document.where(path)


def _name(path: PathKey, *, dotted: bool) -> str:
    """``'outcome'``, ``item 2 of 'favorable'``; with the whole way when there is no place."""
    keys = [part for part in path if isinstance(part, str)]
    if not keys:
        return ""
    name = repr(".".join(keys) if dotted else keys[-1])
    return f"item {path[-1] + 1} of {name}" if isinstance(path[-1], int) else name


def _in_file_order(problem: Problem) -> tuple[int, int]:
    where = problem.where
    return (where.line or 0, where.column or 0) if where else (0, 0)
