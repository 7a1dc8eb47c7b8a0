from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from auditor.documents.document import PathKey


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Hint for a word that is not known: the nearest one, or the list.

    Examples
    --------
    >>> did_you_mean("treshold", ["threshold", "alpha"])
    "did you mean 'threshold'?"
    >>> did_you_mean("xyz", ["threshold", "alpha"])
    'known here: alpha, threshold'
    """
    known = sorted(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return "known here: " + (", ".join(known) or "nothing")


def with_near(words: Iterable[str], known: Iterable[str], *, sign: str = ", ") -> str:
    """Words that are not known, each with the nearest one or the list.

    Examples
    --------
    >>> with_near(["gendr", "x"], ["gender", "race"])
    "gendr (did you mean 'gender'?), x (known here: gender, race)"
    """
    known = tuple(known)
    return sign.join(f"{word} ({did_you_mean(word, known)})" for word in words)


def keys_at(model: Any, path: PathKey) -> Iterator[str]:
    """Keys that a model knows at a path; of all models that may stand there."""
    branches = list(_branches(model))
    for part in path:
        fields = [field for branch in branches for key, field in _fields(branch) if key == part]
        # A name that one model has as a key is no name in a mapping beside that model.
        inner = fields or [arg for branch in branches for arg in _last_argument(branch)]
        branches = [leaf for annotation in inner for leaf in _branches(annotation)]
    for branch in branches:
        yield from (key for key, _ in _fields(branch))


def _fields(branch: Any) -> Iterator[tuple[str, Any]]:
    """Keys of a model as people write them, and what may stand there."""
    if isinstance(branch, type) and issubclass(branch, BaseModel):
        for name, field in branch.model_fields.items():
            yield field.alias or name, field.annotation


def _last_argument(container: Any) -> list[Any]:
    return [arg for arg in get_args(container) if arg is not Ellipsis][-1:]


def _branches(annotation: Any) -> Iterator[Any]:
    """Models and containers behind unions and annotations."""
    origin = get_origin(annotation)
    if origin in (dict, list, tuple) or isinstance(annotation, type):
        yield annotation
    elif hasattr(annotation, "__metadata__"):
        yield from _branches(annotation.__origin__)
    else:
        for arg in get_args(annotation):
            yield from _branches(arg)
