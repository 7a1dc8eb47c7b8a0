"""Errors travel: from a thread, from another process, with everything that they say."""

from __future__ import annotations

import pickle

import pytest

from auditor import errors
from auditor.errors import AuditorError, Problem, Where

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, AuditorError)
]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_of_another_process_arrives_whole(kind):
    problems = (
        Problem(message="one", slug="a", where=Where("f", 1, 2), hint="mend it"),
        Problem(message="two", slug="b"),
    )
    sent = kind.of(problems)
    arrived = pickle.loads(pickle.dumps(sent))  # noqa: S301 - our own bytes

    assert type(arrived) is kind
    assert (arrived.problems, str(arrived)) == (problems, str(sent))
    assert len(KINDS) > 10
