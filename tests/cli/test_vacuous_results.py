"""More ways to pass by accident, in how a run ends, what it lacks and what it is stored as.

The numbers are those of the catalogue of vacuous passes, as in the tests of exports and policies.
"""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import auditor
from auditor.errors import AuditorError, ModelError
from auditor.findings import fingerprint_of
from tests.cli.conftest import PASSING

AS_OF = date(2026, 11, 24)
OURS = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates:
  - {id: g, kind: impact-ratio, says: s, because: [b]}
"""
PROXIES = (
    OURS
    + """\
reviews:
  - {id: p, kind: proxy-among-drivers, says: s, because: [b], options: {features: [years]}}
"""
)


@pytest.fixture
def words(case, tmp_path) -> list[str]:
    """Words that audit an export that passes."""
    (tmp_path / "ours.yaml").write_text(OURS)
    return [*case(PASSING, str(tmp_path / "ours.yaml")), "--as-of", AS_OF.isoformat()]


@pytest.fixture
def stored(run, words, tmp_path) -> Path:
    """A result that passes."""
    assert run("gate", *words, "--out", tmp_path / "out").code == 0
    return tmp_path / "out"


def raises(kind: type[BaseException]):
    def broken(*_: object, **__: object) -> None:
        raise kind

    return broken


# V-27: partial results

ENDS = [(KeyboardInterrupt, 130), (MemoryError, 70), (TimeoutError, 70), (RecursionError, 70)]
MIDDLES = {"while it reads": "duckdb.connect", "while it writes": "os.fchmod"}


@pytest.mark.parametrize("verb", ["audit", "gate"])
@pytest.mark.parametrize("middle", MIDDLES)
@pytest.mark.parametrize(("kind", "code"), ENDS)
def test_v27_a_run_that_ends_in_the_middle_is_no_pass_and_leaves_nothing(
    run, words, tmp_path, monkeypatch, listing, verb, middle, kind, code
):
    before = listing()
    monkeypatch.setattr(MIDDLES[middle], raises(kind))
    ran = run(verb, *words, "--out", tmp_path / "out")

    # an OSError while writing says that nothing could be written
    assert ran.code == (74 if kind is TimeoutError and "writes" in middle else code)
    assert "PASS" not in ran.err + ran.out
    assert "exits 0" not in ran.err
    assert listing() == before


@pytest.mark.parametrize(("kind", "code"), ENDS[:2])
def test_v27_the_earlier_result_stays_when_a_later_run_ends_in_the_middle(
    run, words, stored, tmp_path, monkeypatch, listing, kind, code
):
    before, text = listing(), (stored / "audit.json").read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr("os.fchmod", raises(kind))
        ran = run("gate", *words, "--out", stored)

    assert ran.code == code
    assert listing() == before
    assert (stored / "audit.json").read_bytes() == text
    assert run("gate", stored).code == 0


def test_v27_in_the_library_it_is_no_result_either(words, monkeypatch):
    monkeypatch.setattr("duckdb.connect", raises(MemoryError))

    with pytest.raises(MemoryError):
        auditor.audit(words[0], words[4], profile=words[2], as_of=AS_OF)


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.9, 0.999])
def test_v27_a_result_that_was_cut_off_is_refused(run, stored, kept):
    place = stored / "audit.json"
    content = place.read_bytes().rstrip()
    place.write_bytes(content[: int(len(content) * kept)])
    ran = run("gate", stored)

    assert ran.code == 6
    assert "PASS" not in ran.err
    with pytest.raises(AuditorError) as caught:
        auditor.load(stored)
    assert caught.value.exit_code == 6


def test_v27_a_directory_without_its_result_is_refused(run, stored):
    (stored / "audit.json").unlink()

    assert run("gate", stored).code == 74


@pytest.mark.parametrize("damage", ["missing", "cut off"])
@pytest.mark.parametrize("name", ["flags.csv", "explanations.parquet"])
def test_v27_a_result_with_a_file_missing_or_cut_off_is_refused(run, tmp_path, name, damage):
    place = tmp_path / "out"
    reviewed(tmp_path, model=model()).save(place)
    sound = run("gate", place).code
    if damage == "missing":
        (place / name).unlink()
    else:
        content = (place / name).read_bytes()
        (place / name).write_bytes(content[: len(content) // 2])

    assert sound == 5
    assert run("gate", place).code == 6


# V-28: explanations


def frame() -> pd.DataFrame:
    n = 500
    place = np.tile(np.arange(n), 2)
    return pd.DataFrame(
        {
            "id": [f"{i:04d}" for i in range(2 * n)],
            "sex": np.repeat(["F", "M"], n),
            "status": np.where(place < n // 2, "A", "R"),
            "years": (place < n // 2).astype(float),
            "test": (place % 7).astype(float),
        }
    )


def model():
    from sklearn.ensemble import RandomForestClassifier

    data = frame()
    forest = RandomForestClassifier(5, max_depth=3, random_state=0)
    return forest.fit(data[["years", "test"]], data["status"] == "A")


def reviewed(tmp_path, **given):
    (tmp_path / "proxies.yaml").write_text(PROXIES)
    return auditor.audit(
        frame(),
        tmp_path / "proxies.yaml",
        id="id",
        outcome="status",
        favorable="A",
        unfavorable="R",
        groups=["sex"],
        features=["years", "test"],
        as_of=AS_OF,
        key=tmp_path / "key",
        **given,
    )


def without_proxies(text: str) -> bool:
    """Whether a text says that nothing was found, where nobody could look."""
    return any(said in text.casefold() for said in ("no proxy", "no proxies", "0 proxies"))


def test_v28_a_mandatory_review_that_needs_explanations_holds_the_run_back(run, tmp_path):
    made = reviewed(tmp_path)
    made.save(tmp_path / "out")
    ran = run("gate", tmp_path / "out")
    (missing,) = json.loads((tmp_path / "out" / "audit.json").read_text())["not_evaluated"]

    assert (missing["rule"], missing["reason"], missing["required"]) == (
        *("p", "no-explanations", True),
    )
    assert made.verdict.exit_code == ran.code == auditor.load(tmp_path / "out").verdict.exit_code
    assert ran.code == 4
    for text in (ran.err, made.verdict.says, (tmp_path / "out" / "report.html").read_text()):
        assert "without a model there are no reasons" in " ".join(text.split())
        assert not without_proxies(text)


def test_v28_the_control_with_a_model_finds_the_proxy(tmp_path):
    made = reviewed(tmp_path, model=model())

    assert made.result.not_evaluated == ()
    assert made.verdict.exit_code == 5
    assert made.result.document["flags"]["by_rule"] == {"ours/p": 1000}


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("shap.TreeExplainer", ValueError),
        ("shap.TreeExplainer.shap_values", AssertionError),
        ("shap.TreeExplainer.shap_values", MemoryError),
    ],
)
def test_v28_where_shap_fails_there_is_no_result_to_pass(tmp_path, monkeypatch, part, kind):
    monkeypatch.setattr(part, raises(kind))

    with pytest.raises((ModelError, MemoryError)) as caught:
        reviewed(tmp_path, model=model())
    assert not without_proxies(str(caught.value))


def test_v28_values_that_do_not_add_up_are_withheld(tmp_path, monkeypatch):
    import shap

    right = shap.TreeExplainer.shap_values
    monkeypatch.setattr(
        "shap.TreeExplainer.shap_values", lambda self, *a, **k: right(self, *a, **k) + 0.01
    )

    with pytest.raises(ModelError, match="do not add up"):
        reviewed(tmp_path, model=model())


# V-31: nobody has signed


@pytest.mark.parametrize(
    ("signatures", "code"),
    [(None, 6), ("auditor: signatures/1\nsignatures: []\n", 6),
     ("", 2), ("auditor: signatures/1\n", 2)],
)  # fmt: skip
def test_v31_no_signature_is_no_permission(run, words, tmp_path, listing, signatures, code):
    key = run("policy", "sign", "--new-key", tmp_path / "key").out
    assert key
    (tmp_path / "ring.yaml").write_text(
        "auditor: keyring/1\npeople:\n" + key[: key.index(", from: ")].replace("YOUR ROLE", "hr")
        + ", from: 2026-01-01}\n"
    )  # fmt: skip
    if signatures is not None:
        (tmp_path / "ours.yaml.sig").write_text(signatures)
    before = listing()
    ran = run("gate", *words, "--keyring", tmp_path / "ring.yaml", "--out", tmp_path / "out")

    assert ran.code == code
    assert "PASS" not in ran.err
    assert listing() == before
    with pytest.raises(AuditorError) as caught:
        auditor.audit(
            words[0],
            words[4],
            profile=words[2],
            as_of=AS_OF,
            keyring=tmp_path / "ring.yaml",
        )
    assert caught.value.exit_code == code


def test_v31_the_control_without_a_keyring_passes(run, words):
    assert run("gate", *words).code == 0


# V-34: another result than this run's


def test_v34_a_result_in_the_directory_is_made_anew_and_never_taken_for_this_run(
    run, words, stored, tmp_path
):
    before = json.loads((stored / "audit.json").read_text())
    (tmp_path / "ours.yaml").write_text(
        OURS + "    options: {threshold: 0.999}\n".replace("    ", "")
    )
    (tmp_path / "ours.yaml").write_text(
        OURS.replace("because: [b]}", "because: [b], options: {threshold: 0.999}}")
    )
    ran = run("gate", *words, "--out", stored)
    after = json.loads((stored / "audit.json").read_text())

    assert ran.code == 4
    assert after["policies"][0]["digest"] != before["policies"][0]["digest"]
    assert run("gate", stored).code == 4


def test_v34_a_stored_result_is_judged_by_what_it_holds_whatever_the_policy_is_now(
    run, words, stored, tmp_path
):
    held = json.loads((stored / "audit.json").read_text())["policies"][0]["digest"]
    (tmp_path / "ours.yaml").write_text("auditor: policy/1\n")
    ran = run("gate", stored)

    assert ran.code == 0
    assert auditor.load(stored).result.document["policies"][0]["digest"] == held


def test_v34_a_digest_that_was_edited_is_seen_by_whoever_names_the_policy(run, words, stored):
    place, policy, profile = stored / "audit.json", words[4], words[2]
    assert run("gate", stored, "--policy", policy, "--profile", profile).code == 0
    document = json.loads(place.read_text())
    document["policies"][0]["digest"] = "sha256:" + "0" * 64
    place.write_text(json.dumps(document))
    ran = run("gate", stored, "--policy", policy)

    assert run("gate", stored).code == 0  # nothing in the result itself contradicts it
    assert (ran.code, "PASS" in ran.err) == (6, False)
    assert "was made under another ours: sha256:0000" in ran.err


def test_v34_another_policy_or_profile_is_named_with_all_that_differs(run, words, stored, tmp_path):
    theirs, profile = tmp_path / "theirs.yaml", tmp_path / "profile2.yaml"
    theirs.write_text(OURS.replace("id: ours", "id: theirs"))
    profile.write_text(Path(words[2]).read_text() + "# read otherwise\n")
    ran = run("gate", stored, "--policy", theirs, "--profile", profile)

    assert ran.code == 6
    for said in ("was made under ours as well", "not made under theirs", "another profile"):
        assert said in ran.err
    assert run("gate", stored / "audit.json", "--policy", theirs).code == 6
    assert run("gate", stored, "--profile", profile).code == 2


@pytest.mark.parametrize(
    ("option", "value"), [("--profile", "profile.yaml"), ("--as-of", "2027-01-01")]
)
def test_v34_a_stored_result_takes_nothing_of_another_run(run, stored, option, value):
    assert run("gate", stored, option, value).code == 2


EDITS = {
    "another format": lambda d: d.update(format="auditor-result/2"),
    "findings of another policy": lambda d: d["findings"][0].update(policy="theirs"),
    "a policy that is not listed": lambda d: d["policies"][0].update(id="theirs"),
    "a finding of another rule": lambda d: d["findings"][0].update(rule="h"),
    "a finding about another group": lambda d: d["findings"][0].update(
        group="X", fingerprint=fingerprint_of("ours", "g", "sex", "Y", None)
    ),
    "another verdict": lambda d: d["verdict"].update(exit_code=1, state="fail"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_v34_a_result_put_together_from_two_is_refused(run, stored, tmp_path, edit):
    place = tmp_path / "edited"
    shutil.copytree(stored, place)
    document = json.loads((place / "audit.json").read_text())
    EDITS[edit](document)
    (place / "audit.json").write_text(json.dumps(document))
    ran = run("gate", place)

    assert ran.code == 6
    assert "PASS" not in ran.err
    assert run("gate", stored).code == 0
