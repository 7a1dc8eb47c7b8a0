"""What a policy needs of every review besides: read, inherited, compared, signed and said."""

from __future__ import annotations

import pytest

from auditor.cli.policy.wording import duties_of
from auditor.errors import PolicyError
from auditor.policy import load_policy
from auditor.rules.bind import bind
from auditor.rules.differences import differences
from auditor.rules.resolve import resolved_text
from auditor.signing import policy_digest
from tests.unit.policy.test_extends import CHILD, PARENT

NEEDS = "reviews_need: [seconds]\n"


@pytest.fixture
def file(tmp_path):
    def file(name: str, text: str) -> str:
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return file


def test_it_is_read_and_said_and_reads_back(file):
    (bound,) = bind([file("base", PARENT + NEEDS)])
    again = file("again", resolved_text(bound))

    assert load_policy(again).reviews_need == ("seconds",)
    assert "A review that does not say how long it took settles nothing." in duties_of(bound.policy)
    assert "reviews_need" not in resolved_text(bind([file("plain", PARENT)])[0])


@pytest.mark.parametrize(
    ("wrong", "slug"),
    [("[minutes]", "not-one-of"), ("[seconds, seconds]", "listed-twice"), ("yes", "wrong-type")],
)
def test_what_cannot_be_meant_is_refused(file, wrong, slug):
    with pytest.raises(PolicyError) as caught:
        load_policy(file("base", f"{PARENT}reviews_need: {wrong}\n"))

    assert [problem.slug for problem in caught.value.problems] == [slug]


def test_it_is_signed(file):
    plain, needing = (policy_digest(bind([file("base", PARENT + t)])[0]) for t in ("", NEEDS))

    assert plain != needing


def test_a_comparison_calls_more_tighter_and_less_looser(file):
    (plain,), (needing,) = (bind([file(n, PARENT + t)]) for n, t in (("a", ""), ("b", NEEDS)))
    (more,), (less,) = differences(plain, needing), differences(needing, plain)

    assert (more.direction, less.direction) == ("tighter", "looser")
    assert more.says == "The demand that reviews say their seconds is new."


@pytest.mark.parametrize(
    ("parents", "own"), [(NEEDS, ""), (NEEDS, "reviews_need: []\n"), ("", NEEDS)]
)
def test_a_child_may_need_more_and_drops_nothing(file, parents, own):
    digest = load_policy(file("base", PARENT + parents)).sha256

    child = load_policy(file("ours", CHILD.replace("DIGEST", digest) + own))
    assert child.reviews_need == ("seconds",)
