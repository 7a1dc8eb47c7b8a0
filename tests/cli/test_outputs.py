"""What a verb was given stays: no output takes its place, whatever it is called there."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from auditor.signing import make_key

POLICY = """\
auditor: policy/1
policy: {{id: {name}, title: T, version: "1", status: in-force, owner: o,
  effective_from: 2026-01-01}}
basis: [{{id: b-{name}, cite: c, says: s}}]
gates: [{{id: {name}, kind: unknown-share, says: s, because: [b-{name}], options: {{limit: 0.5}}}}]
"""


@pytest.fixture
def there(run, case, tmp_path, monkeypatch) -> Path:
    """A result, a ledger with a reader, a keyring and keys, all in the current directory."""
    monkeypatch.chdir(tmp_path)
    Path("ours.yaml").write_text(POLICY.format(name="ours"))
    cells = {("F", "Advanced"): 30, ("F", "Rejected"): 30, ("M", "Advanced"): 30}
    assert run("audit", *case(cells, "ours.yaml"), "--out", "out").code == 0
    public = make_key(tmp_path / "kim.key", None)
    Path("ring.yaml").write_text(
        "auditor: keyring/1\npeople:\n"
        f"  - {{name: Kim, key: {public}, roles: [checkpoint], from: 2026-01-01}}\n"
    )
    assert run("ledger", "init", "r.db", "--name", "ours").code == 0
    return tmp_path


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


PLACE = "--ledger r.db --keyring ring.yaml"
EXPORT = "--export applicants.csv --profile profile.yaml"
FINAL = f"review export out {PLACE} {EXPORT} --final"
ASKED = "--profile profile.yaml --policy ours.yaml --out out"
OVERWRITING = {
    "the ledger by a report": "report out --ledger r.db --format html=r.db",
    "what a reader waits for": "report out --ledger r.db --format html=r.db-wal",
    "one report of several": "report out --ledger r.db --format html=a.html --format text=r.db",
    "the result": "report out --format html=out/audit.json",
    "the flags of a result": "report out/audit.json --format html=out/flags.csv",
    "the flags of a result by another name": "report out/x.json --format html=out/flags.csv",
    "the key of the final export": f"{FINAL} --key k --out k",
    "the key that nobody names": f"{FINAL} --out config/auditor/key",
    "the keyring": f"{FINAL} --out ring.yaml",
    "the keyring by feedback": f"review feedback out {PLACE} --out ring.yaml",
    "the result by feedback": f"review feedback out {PLACE} --out out/audit.json",
    "the private key": "ledger checkpoint r.db --sign-with kim.key --out kim.key",
    "the key of a server": "ledger export postgresql://h/d?sslkey=kim%2ekey --out kim.key",
    "the export by its audit": f"audit out/report.html {ASKED}",
    "the export by its gate": f"gate out/report.html {ASKED}",
    "the profile by its audit": "audit x --profile out/report.html --policy ours.yaml --out out",
    "the key by signatures": "policy sign ours.yaml --key kim.key --role hr --signatures kim.key",
    "what a reader waits for, in other letters": "ledger export r.db --out R.DB-WAL",
    "the ledger by its hard link": "ledger export r.db --out hard",
    "the ledger by its link": "ledger export r.db --out link",
    "the ledger by a way around": "ledger export r.db --out out/../r.db",
    "what is salvaged": "ledger salvage r.db --out r.db-wal",
    "what is salvaged beside": "ledger salvage x.db-wal --out x.db",
}


def test_nothing_that_was_given_is_written_over(run, there):
    for place in ("k", "config/auditor/key"):
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        Path(place).write_text("ab" * 32)
    Path("x.db-wal").write_bytes(Path("r.db").read_bytes())
    Path("out/x.json").hardlink_to("out/audit.json")
    Path("hard").hardlink_to("r.db")
    Path("link").symlink_to("r.db")
    before = content(there)

    for what, words in OVERWRITING.items():
        ran = run(*words.split())

        assert (what, ran.code) == (what, 2)
        assert "#out-is-an-input" in ran.err, what
        assert "nothing was written" in ran.err
        assert content(there) == before, what


def test_any_other_file_is_written_also_an_older_one(run, there):
    Path("rows.csv").write_text("older")
    Path("k").write_text("ab" * 32)
    key = Path("kim.key").read_bytes()
    for words in (
        "report out --ledger r.db --format html=new.html",
        "report out --ledger r.db --format html=out/report.html",
        "review feedback out --ledger r.db --keyring ring.yaml --out rows.csv",
        "ledger checkpoint r.db --sign-with kim.key --out note.txt",
        "ledger export r.db --out r.db.jsonl",
        f"audit applicants.csv {ASKED}",
    ):
        before = content(there)
        ran = run(*words.split())

        assert (words, ran.code) == (words, 0)
        assert content(there) != before
    assert Path("kim.key").read_bytes() == key


def test_a_copy_to_sign_replaces_no_policy_above_it_and_no_signatures(run, there):
    digest = hashlib.sha256(Path("ours.yaml").read_bytes()).hexdigest()
    child = POLICY.format(name="child").replace("0.5", "0.4")
    Path("child.yaml").write_text(
        f'{child}extends: {{file: ours.yaml, version: "1", sha256: {digest}}}\n'
    )
    Path("child.yaml.sig").write_text("signed")
    before = content(there)
    refused = [
        run("policy", "print", "child.yaml", "--out", name)
        for name in ("ours.yaml", "child.yaml", "child.yaml.sig")
    ]

    assert [ran.code for ran in refused] == [2, 2, 2], refused
    assert all("#out-is-an-input" in ran.err for ran in refused)
    assert content(there) == before
    assert run("policy", "print", "child.yaml", "--out", "copy.html").code == 0


def test_a_pipe_is_not_replaced_by_a_file(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    run("ledger", "init", tmp_path / "r.db")
    ran = run("ledger", "export", tmp_path / "r.db", "--out", tmp_path / "pipe")

    assert ran.code == 74
    assert "it is no regular file" in ran.err
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_no_ledger_is_made_beside_what_an_older_one_left(run, tmp_path, end):
    left = tmp_path / f"new.db{end}"
    left.write_bytes(b"acknowledged")
    ran = run("ledger", "init", tmp_path / "new.db")

    assert ran.code == 74
    assert "#ledger-exists" in ran.err
    assert f"new.db{end}" in ran.err
    assert left.read_bytes() == b"acknowledged"
    assert not (tmp_path / "new.db").exists()
    assert run("ledger", "init", tmp_path / "other.db").code == 0
