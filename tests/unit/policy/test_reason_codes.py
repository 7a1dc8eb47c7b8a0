"""The list of reason codes in a policy: read, inherited, compared, signed and shown."""

from __future__ import annotations

import pytest

from auditor.cli.policy.wording import duties_of
from auditor.errors import PolicyError
from auditor.policy import load_policy
from auditor.rules.bind import bind
from auditor.rules.differences import differences
from auditor.rules.directions import policy_direction
from auditor.rules.resolve import resolved_text
from auditor.signing import policy_digest
from tests.unit.policy.test_extends import CHILD, PARENT

LIST = 'reason_codes: [{id: data, says: "Data."}, {id: job, says: "Job."}]\n'


@pytest.fixture
def file(tmp_path):
    def file(name: str, text: str) -> str:
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return file


@pytest.fixture
def child(file, tmp_path):
    def child(rest: str, parent: str) -> str:
        digest = load_policy(file("base", parent)).sha256
        return file("ours", CHILD.replace("DIGEST", digest) + rest)

    return child


def codes(path: str) -> list[tuple[str, str]]:
    return [(code.id, code.says) for code in load_policy(path).reason_codes]


def test_a_list_is_read_and_said_and_reads_back(file):
    path = file("base", PARENT + LIST)
    (bound,) = bind([path])
    again = file("again", resolved_text(bound))

    assert codes(path) == codes(again) == [("data", "Data."), ("job", "Job.")]
    said = list(duties_of(bound.policy))
    assert "Reason code data: Data." in said
    assert "names one of these codes" in " ".join(said)
    assert "reason_codes" not in resolved_text(bind([file("plain", PARENT)])[0])


@pytest.mark.parametrize(
    ("wrong", "slug"),
    [
        ("reason_codes: [{id: a, says: s}, {id: a, says: t}]\n", "id-twice"),
        ('reason_codes: [{id: "my own", says: s}]\n', "bad-id"),
        ("reason_codes: [{id: a}]\n", "missing-key"),
        ("reason_codes: [a]\n", "wrong-type"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(file, wrong, slug):
    with pytest.raises(PolicyError) as caught:
        load_policy(file("base", PARENT + wrong))

    assert [problem.slug for problem in caught.value.problems] == [slug]


def test_a_list_and_what_it_says_are_signed(file):
    plain, listed, other = (
        policy_digest(bind([file("base", PARENT + text)])[0])
        for text in ("", LIST, LIST.replace("Job.", "Not of the job."))
    )

    assert len({plain, listed, other}) == 3


def test_a_child_has_the_list_of_its_parent_at_its_place(child):
    path = child("", PARENT + LIST)

    assert codes(path) == [("data", "Data."), ("job", "Job.")]
    shown = resolved_text(bind([path])[0], origins=True).split("reason_codes:")[1]
    assert "base.yaml:" in shown.splitlines()[1]


@pytest.mark.parametrize(
    ("rest", "kept"),
    [
        ('reason_codes: [{id: job, says: "Ours."}]\n', [("job", "Ours.")]),
        (LIST, [("data", "Data."), ("job", "Job.")]),
    ],
)
def test_a_child_may_write_a_shorter_list(child, rest, kept):
    path = child(rest, PARENT + LIST)

    bind([path])
    assert codes(path) == kept
    (line,) = [text for text in resolved_text(bind([path])[0], origins=True).splitlines()
               if "- id: job" in text]  # fmt: skip
    assert "ours.yaml:" in line


def test_a_child_may_write_a_list_where_the_parent_has_none(child):
    path = child(LIST, PARENT)

    bind([path])
    assert codes(path) == [("data", "Data."), ("job", "Job.")]


@pytest.mark.parametrize(
    "rest",
    [
        LIST.replace("]\n", ", {id: new, says: s}]\n"),
        "reason_codes: [{id: data, says: s}, {id: new, says: s}]\n",
        "reason_codes: []\n",
    ],
)
def test_a_child_adds_no_code_and_opens_no_list(child, rest):
    with pytest.raises(PolicyError) as caught:
        bind([child(rest, PARENT + LIST)])

    assert [problem.slug for problem in caught.value.problems] == ["loosens-parent"]
    assert "ours.yaml" in str(caught.value.problems[0].where)


def test_a_comparison_tells_which_codes_there_are_and_what_a_new_one_says(file):
    old, new = (
        bind([file(name, PARENT + text)])[0]
        for name, text in (("old", LIST), ("new", LIST.replace("]\n", ", {id: x, says: New}]\n")))
    )

    assert [(c.direction, c.says) for c in differences(old, new)] == [
        ("looser", "The policy: list of reason codes was data, job, is now data, job, x."),
        ("neutral", "Reason code x: says was none, is now New."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        (None, None, "neutral"),
        (None, ["data"], "tighter"),
        (["data"], None, "looser"),
        (["data", "job"], ["job", "data"], "neutral"),
        (["data", "job"], ["job"], "tighter"),
        (["job"], ["data", "job"], "looser"),
        (["data", "job"], ["job", "new"], "unclear"),
    ],
)
def test_a_shorter_list_is_tighter_and_no_list_the_loosest(old, new, way):
    assert policy_direction("reason_codes", old, new) == way
