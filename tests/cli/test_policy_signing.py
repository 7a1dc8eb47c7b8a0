"""`auditor policy sign` and `verify`: exit codes, what is printed, and what never is."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.signing import read_keyring

POLICY = """\
auditor: policy/1
policy: {id: ours, title: Our rule, version: "3", status: in-force, owner: people team,
  effective_from: 2026-01-01, signed_by: [hr, it]}
basis: [{id: b1, cite: Handbook 7, says: S.}]
gates:
  - {id: known, kind: unknown-share, says: We know enough., because: [b1], options: {limit: 1/4}}
"""
DAY = "2026-06-01"


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text(POLICY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def people(run, here) -> None:
    """Keys of Ada, who signs for hr, and Ben, who signs for it, and their keyring."""
    entries = []
    for name, role in (("ada", "hr"), ("ben", "it")):
        made = run("policy", "sign", "--new-key", f"{name}.key")
        line = made.out.rstrip().replace("YOUR NAME", name).replace("YOUR ROLE", role)
        entries.append(re.sub(r"from: [0-9-]+", "from: 2026-01-01", line))
    (here / "ring.yaml").write_text("auditor: keyring/1\npeople:\n" + "\n".join(entries) + "\n")


def words(text: str) -> str:
    return " ".join(text.split())


def signing(run, name: str, role: str, *more: str):
    return run("policy", "sign", "p.yaml", "--key", f"{name}.key", "--role", role, "--as-of", DAY,
               *more)  # fmt: skip


def verifying(run, *more: str):
    return run("policy", "verify", "p.yaml", "--keyring", "ring.yaml", "--as-of", DAY, *more)


def test_a_policy_is_signed_by_two_people_and_verified(run, people):
    first = signing(run, "ada", "hr")
    half = verifying(run)
    second = signing(run, "ben", "it")
    whole = verifying(run)

    assert (first.code, second.code, first.out, whole.out) == (0, 0, "", "")
    assert "ours 3 is signed for hr, dated 2026-06-01." in words(first.err)
    assert half.code == 6
    assert "error: ours 3: the role 'it' has not signed" in half.err
    assert "--role 'it'" in half.err
    assert whole.code == 0
    assert "valid ada for hr, dated 2026-06-01" in words(whole.err)
    assert "Complete: signed for hr, it." in words(whole.err)


def test_an_unsigned_policy_is_6_and_a_named_file_that_is_not_there_74(run, people):
    unsigned = verifying(run)
    absent = verifying(run, "--signatures", "none.sig")

    assert (unsigned.code, absent.code) == (6, 74)
    assert "There is no signature." in unsigned.err


def test_a_changed_threshold_is_6_and_a_changed_comment_0(run, here, people):
    signing(run, "ada", "hr")
    signing(run, "ben", "it")
    (here / "p.yaml").write_text("# a comment\n" + POLICY.replace("1/4", "0.250"))
    same = verifying(run)
    (here / "p.yaml").write_text(POLICY.replace("1/4", "0.251"))
    changed = verifying(run)

    assert (same.code, changed.code) == (0, 6)
    assert "not valid ada for hr" in words(changed.err)
    assert "the policy has changed since" in words(changed.err)


def test_signing_again_replaces_the_signature(run, here, people):
    signing(run, "ada", "hr")
    before = (here / "p.yaml.sig").read_bytes()
    signing(run, "ada", "hr")

    assert (here / "p.yaml.sig").read_bytes() == before
    assert before.count(b"signature:") == 1


def test_a_broken_file_is_2_and_is_not_replaced(run, here, people):
    (here / "p.yaml.sig").write_text("auditor: signatures/1\nsignatures: [x]\n")
    signed, verified = signing(run, "ada", "hr"), verifying(run)

    assert (signed.code, verified.code) == (2, 2)
    assert "p.yaml.sig:2:14" in signed.err
    assert (here / "p.yaml.sig").read_text().endswith("[x]\n")
    (here / "ring.yaml").write_text("auditor: keyring/1\npeople: []\n")
    assert verifying(run).code == 2


@pytest.mark.parametrize(
    ("words_", "code", "said"),
    [
        (("p.yaml",), 2, "signing takes a policy"),
        ((), 2, "signing takes a policy"),
        (("p.yaml", "--key", "ada.key"), 2, "signing takes a policy"),
        (("p.yaml", "--new-key", "x.key"), 2, "making a key takes --new-key alone"),
        (("--new-key", "ada.key"), 74, "never overwritten"),
        (("--new-key", "x.key", "--role", "hr"), 2, "making a key takes --new-key alone"),
        (("p.yaml", "--key", "ada.key", "--role", "hrr"), 2, "did you mean 'hr'"),
        (("p.yaml", "--key", "ada.key", "--role", " "), 2, "is none that signs"),
        (("p.yaml", "--key", "none", "--role", "hr"), 74, "no such file"),
        (("p.yaml", "--key", "p.yaml", "--role", "hr"), 2, "by others than its owner"),
        (("none.yaml", "--key", "ada.key", "--role", "hr"), 74, "cannot read"),
        (("nyc-ll144", "--key", "ada.key", "--role", "hr"), 2, "shipped pack"),
        (("--new-key", "x.key", "--ask-passphrase"), 2, "no terminal to ask at"),
        (("--new-key", "x.key", "--passphrase-file", "none"), 74, "no such file"),
        (("--new-key", "x.key", "--passphrase-file", "empty"), 2, "is no passphrase"),
    ],
)
def test_what_is_refused(run, here, people, words_, code, said):
    (here / "p.yaml").chmod(0o644)
    (here / "empty").write_text("\nsecond line")
    ran = run("policy", "sign", *words_)

    assert ran.code == code
    assert said in words(ran.err)
    assert not (here / "x.key").exists()
    assert not (here / "p.yaml.sig").exists()


@pytest.mark.parametrize("role", ["a\x07b", "\udcff", "a\nb", " ", "\x7f"])
def test_a_role_that_cannot_be_read_is_refused(run, here, people, role):
    (here / "p.yaml").write_text(POLICY.replace(", signed_by: [hr, it]", ""))
    ran = signing(run, "ada", role)

    assert ran.code == 2
    assert not (here / "p.yaml.sig").exists()


def test_without_signed_by_any_role_may_sign_until_duties_say_who(run, here, people):
    free = POLICY.replace(", signed_by: [hr, it]", "")
    (here / "p.yaml").write_text(free)
    any_role = signing(run, "ada", "hr")
    verified = verifying(run)
    (here / "p.yaml").write_text(free + "roles: {lead: {may: [sign-policies]}}\n")
    duty = signing(run, "ada", "hr")
    (here / "p.yaml").write_text(free + "roles: {lead: {may: [review]}}\n")
    nobody = signing(run, "ada", "lead")

    assert (any_role.code, verified.code, duty.code, nobody.code) == (0, 0, 2, 2)
    assert "known here: lead" in duty.err
    assert "give it the duty 'sign-policies'" in nobody.err


def test_a_pack_is_signed_and_verified_in_a_file_of_its_own(run, people):
    signed = run("policy", "sign", "nyc-ll144", "--key", "ada.key", "--role", "hr", "--as-of", DAY,
                 "--signatures", "pack.sig")  # fmt: skip
    found = run("policy", "verify", "nyc-ll144", "--keyring", "ring.yaml", "--as-of", DAY,
                "--signatures", "pack.sig")  # fmt: skip

    assert (signed.code, found.code) == (0, 0)


def test_signed_by_has_to_name_roles_that_may_sign(run, here):
    text = POLICY + "roles: {hr: {may: [sign-policies]}, it: {may: [review]}}\n"
    (here / "p.yaml").write_text(text)
    ran = run("policy", "check", "p.yaml")

    assert ran.code == 2
    assert "signed_by names 'it'" in ran.err
    assert "p.yaml:3:47" in ran.err


def test_show_says_who_has_to_sign(run, here):
    shown = run("policy", "show", "p.yaml")
    whole = run("policy", "show", "p.yaml", "--resolved")

    assert "To be signed by: hr, it." in words(shown.err)
    assert "signed_by: [hr, it]" in whole.out


PHRASE = "correct horse battery"


def test_a_key_with_a_passphrase_signs_with_it_only(run, here, people):
    (here / "secret").write_text(PHRASE + "\nmore\n")
    (here / "wrong").write_text("canary-4711")
    (here / "ada.key").unlink()
    made = run("policy", "sign", "--new-key", "ada.key", "--passphrase-file", "secret")
    good = signing(run, "ada", "hr", "--passphrase-file", "secret")
    wrong = signing(run, "ada", "hr", "--passphrase-file", "wrong")
    none = signing(run, "ada", "hr")

    assert (made.code, good.code, wrong.code, none.code) == (0, 0, 2, 2)
    assert "with a passphrase" in made.err
    assert "does not open this key file" in wrong.err
    assert "no terminal to ask at" in none.err


def test_no_key_and_no_passphrase_is_ever_printed(run, here):
    (here / "secret").write_text(PHRASE)
    (here / "wrong").write_text("canary-4711")
    said = []
    for more in ((), ("--passphrase-file", "secret")):
        (here / "k").unlink(missing_ok=True)
        said.append(run("policy", "sign", "--new-key", "k", *more))
        for again in ((), more, ("--passphrase-file", "wrong")):
            ran = run("policy", "sign", "p.yaml", "--key", "k", "--role", "hr", *again)
            said.append(ran)
        body = [line for line in (here / "k").read_text().splitlines() if "-----" not in line]
        signed = (here / "p.yaml.sig").read_text()
        printed = "".join(ran.out + ran.err for ran in said) + signed

        assert body
        assert not any(line in printed for line in body)
        assert not any(word in printed for word in (PHRASE, "canary-4711", "PRIVATE KEY"))


def typed(here: Path, *argv: str, lines: tuple[str, ...]) -> tuple[int, str]:
    """Run a command at a terminal of its own at which some lines are typed."""
    leader, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "auditor", *argv],
        cwd=here, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(terminal)
        shown = b""
        for line in lines:
            while not re.search(rb"(key|confirmation): *$", shown.rpartition(b"\n")[2]):
                shown += os.read(leader, 1024)
            os.write(leader, f"{line}\n".encode())
            shown += b"\n"
        while True:
            try:
                part = os.read(leader, 1024)
            except OSError:
                break
            if not part:
                break
            shown += part
        code = process.wait(timeout=30)
    os.close(leader)
    return code, shown.decode()


def test_a_passphrase_is_asked_for_and_not_echoed(here):
    made, first = typed(here, "policy", "sign", "--new-key", "k", "--ask-passphrase",
                        lines=(PHRASE, PHRASE))  # fmt: skip
    sign = ("policy", "sign", "p.yaml", "--key", "k", "--role", "hr")
    good, second = typed(here, *sign, lines=(PHRASE,))
    wrong, third = typed(here, *sign, lines=("canary-4711",))

    assert (made, good, wrong) == (0, 0, 2)
    assert b"ENCRYPTED" in (here / "k").read_bytes()
    assert PHRASE not in first + second
    assert "canary-4711" not in third


def test_the_line_of_a_new_key_says_what_reviewers_need_besides(run, here):
    """Whoever pastes it as it is reviews for nothing, so it says so, and stays a keyring."""
    made = run("policy", "sign", "--new-key", "ada.key").out
    (here / "ring.yaml").write_text(f"auditor: keyring/1\npeople:\n{made}")

    assert "# whoever reviews needs two more" in made
    assert "trained_on: DATE, may_change: true" in made
    (ada,) = read_keyring("ring.yaml").holders
    assert (ada.trained_on, ada.may_change) == (None, False)
