from __future__ import annotations

import pytest

DIGEST = "0a" * 32


@pytest.mark.parametrize(
    ("head", "versions", "verdict"),
    [
        ({"version": "1.4"}, ["1.4", "1.4"], "pass"),
        ({"version": "1.4", "model_digest": DIGEST}, [DIGEST], "pass"),
        ({"model_digest": DIGEST}, [DIGEST], "pass"),
        ({"version": "1.4"}, ["1.5"], "fail"),
        ({"version": "1.4"}, ["1.4", "1.5"], "fail"),
        ({"version": "1.4"}, ["v1.4"], "fail"),
        ({"version": "1.4"}, ["1.5", None], "fail"),
        ({"version": "1.4"}, ["1.4", None], "no_verdict"),
        ({"version": "1.4"}, [None, None], "no_verdict"),
        ({}, ["1.4"], "no_verdict"),
    ],
)
def test_every_decision_has_to_name_the_version_on_record(one, on_record, head, versions, verdict):
    assert one("record-version", on_record(head=head, versions=versions))[0] == verdict


def test_version_and_digest_together_in_one_export_are_two_versions(one, on_record):
    head = {"version": "1.4", "model_digest": DIGEST}

    assert one("record-version", on_record(head=head, versions=["1.4", DIGEST]))[0] == "fail"


def test_it_names_the_versions_of_both_sides(one, on_record):
    seen = on_record(head={"version": "1.4"}, versions=["1.5", "1.4"])

    _, says = one("record-version", seen)

    assert says == (
        "The decisions name the model versions 1.4 and 1.5; the record of Ranker is about 1.4."
    )


def test_many_versions_are_counted_and_not_all_named(one, on_record):
    seen = on_record(head={"version": "1"}, versions=[str(n) for n in range(10, 22)])

    _, says = one("record-version", seen)

    assert says.startswith("The decisions name the model versions 10, 11, 12, 13, 14 and 7 more;")


def test_decisions_that_were_not_taken_do_not_count(one, on_record):
    seen = on_record(
        head={"version": "1.4"}, versions=["1.4", "0.9"], outcome=["favorable", "withdrawn"]
    )

    assert one("record-version", seen)[0] == "pass"


def test_an_export_without_versions_is_not_evaluated(one, on_record):
    found, says = one("record-version", on_record(head={"version": "1.4"}))

    assert found == "no-version-column"
    assert "names no column with the version" in says
