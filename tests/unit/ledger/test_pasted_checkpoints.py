"""Checkpoints that come back from a ticket, a mail or a git tag: which are read, which never."""

from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import SignatureError
from auditor.ledger.checkpoint import read_checkpoint, sign_checkpoint
from auditor.ledger.pasting import read_pasted
from auditor.signing.ed25519 import public_bytes
from tests.unit.ledger.conftest import private_of
from tests.unit.ledger.test_ledger_checkpoint import ROOT

PUBLIC = public_bytes(private_of("log"))
MADE = sign_checkpoint("hr/reviews-2026", 1234, ROOT, private_of("log"))
NOTE = MADE.note
NBSP, DASH = "\N{NO-BREAK SPACE}", "\N{EM DASH}"
BELOW = NOTE.rpartition("\n\n")[2]


def before_each(mark: str) -> str:
    return "".join(f"{mark}{line}\n" for line in NOTE.splitlines())


CHANGED = {
    "as it was": NOTE,
    "line ends of Windows": NOTE.replace("\n", "\r\n"),
    "line ends changed twice": NOTE.replace("\n", "\r\r\n"),
    "line ends of old": NOTE.replace("\n", "\r"),
    "last line not ended": NOTE.rstrip("\n"),
    "blank lines around": f"\n \n{NOTE}\n\t\n",
    "spaces at the ends": NOTE.replace("\n", f" \t{NBSP}\n"),
    "quoted": before_each("> "),
    "quoted twice": before_each(">> "),
    "quoted, its blank line not": before_each("> ").replace("\n> \n", "\n\n"),
    "quoted without spaces": before_each(">"),
    "indented": before_each("    "),
    "indented by tabs": before_each("\t"),
    "in a fence": f"```\n{NOTE}```\n",
    "in a fence with a language": f"~~~text\n{NOTE}~~~",
    "in a fence of a ticket": f"{{noformat}}\n{NOTE}{{noformat}}\n",
    "in a quoted fence": "".join(f"> {line}\r\n" for line in f"```\n{NOTE}```".splitlines()),
    "a mark at its beginning": f"\ufeff{NOTE}",
    "unseen characters": NOTE.replace("\n", "\u200b\n"),
    "another dash": NOTE.replace(DASH, "\N{EN DASH}"),
    "two hyphens": NOTE.replace(DASH, "--"),
    "no dash left": NOTE.replace(DASH, "?"),
    "a dash that was none": NOTE.replace(DASH, "\N{REPLACEMENT CHARACTER}"),
    **{f"its dash as {code} has it": NOTE.encode().decode(code) for code in ("cp437", "cp850")},
    "its dash as cp1252 has it": NOTE.encode().decode("cp1252"),
    "other spaces in its signature": NOTE[: -len(BELOW)] + BELOW.replace(" ", NBSP),
    "its signature on two lines": NOTE[: -len(BELOW)] + " \n".join(BELOW.rsplit(" ", 1)),
}


@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED)
def test_what_no_signature_covers_may_change_on_the_way(changed):
    read = read_pasted(changed.encode(), "f")

    assert read == MADE
    assert read.signed_by(PUBLIC)


@pytest.mark.parametrize("changed", [c for c in CHANGED.values() if c != NOTE])
def test_inside_of_a_ledger_and_of_a_proof_nothing_may(changed):
    with pytest.raises(SignatureError):
        read_checkpoint(changed, "f")


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "cp1252"])
def test_what_editors_make_of_a_file_is_read(code):
    assert read_pasted(NOTE.replace("\n", "\r\n").encode(code), "f") == MADE


def test_a_git_tag_gives_it_back(tmp_path):
    (tmp_path / "note").write_text(NOTE)
    nobody = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for name in ("AUTHOR", "COMMITTER"):
        nobody |= {f"GIT_{name}_NAME": "a", f"GIT_{name}_EMAIL": "a@b"}

    def git(*words: str) -> bytes:
        ran = subprocess.run(
            ["git", *words], cwd=tmp_path, env=nobody, check=True, capture_output=True
        )
        return ran.stdout

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "x")
    git("tag", "-a", "kept", "-F", "note")

    assert read_pasted(git("tag", "-l", "--format=%(contents)", "kept"), "f") == MADE


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (f"Today:\n{NOTE}", "its second line is no number"),
        (f"Kept today:\n{NOTE}", "its first three lines"),
        (f"{NOTE}Regards\n", "is no signature"),
        (NOTE.replace("\n\n", "\n"), "a blank line and a signature"),
        (NOTE.replace("\n", "\n\n"), "no number of entries"),
        (before_each("> ").replace("> 1234", "1234"), "a blank line and a signature"),
        (f"```\n{NOTE}", "its second line is no number"),
        (NOTE.replace(DASH, "by"), "is no signature"),
        (NOTE.replace(f"{DASH} ", ""), "is no signature"),
        (NOTE.replace("1234", "1,234"), "no number of entries"),
        (NOTE.replace("1234", "12 34"), "no number of entries"),
        (NOTE.replace("=\n\n", "\n\n"), "no root of 32 bytes"),
        (NOTE[:-20] + "\n" + NOTE[-20:], "is no signature"),
        (NOTE.replace("hr/", "h\x07r/"), "a control character"),
        ("", "a blank line and a signature"),
        ("\n>\n> >\n", "a blank line and a signature"),
    ],
)
def test_what_lost_or_won_more_is_refused_with_what_is_wrong(changed, says):
    with pytest.raises(SignatureError, match=says) as refused:
        read_pasted(changed.encode(), "note.txt")

    assert [one.slug for one in refused.value.problems] == ["checkpoint-malformed"]


def test_a_name_that_a_program_made_nicer_is_another_one():
    changed = NOTE.replace("hr/reviews-2026\n", "hr/reviews\N{EN DASH}2026\n", 1)
    read = read_pasted(changed.encode(), "f")

    assert read.origin != MADE.origin
    assert not read.signed_by(PUBLIC)


AROUND = st.sampled_from(sorted(CHANGED.values()))
OTHER = st.text(
    st.sampled_from("0123456789abcABC=+/-. \t\r\n>`\ufeff\u200b\xa0\N{EM DASH}"), max_size=3
)


@given(AROUND, st.data())
def test_nothing_is_taken_for_signed_that_was_not(changed, data):
    start = data.draw(st.integers(0, len(changed)))
    end = data.draw(st.integers(start, min(len(changed), start + 3)))
    other = changed[:start] + data.draw(OTHER) + changed[end:]
    try:
        read = read_pasted(other.encode(), "f")
    except SignatureError:
        return
    signed = read.signed_by(PUBLIC)

    assert signed is False or (read.origin, read.size, read.root, read.text) == (
        MADE.origin,
        MADE.size,
        MADE.root,
        MADE.text,
    )


@given(st.binary(max_size=300))
def test_anything_at_all_is_read_or_refused(content):
    with pytest.raises(SignatureError):
        read_pasted(content, "f")
