"""The review page on the command line: what it refuses before it listens, and its links."""

from __future__ import annotations

import sys

import pytest

from auditor.review.page.invites import read_invite
from auditor.signing import make_key


@pytest.fixture
def keys(tmp_path):
    """A keyring with a recruiter and a service, and their keys."""
    people = ""
    for name, role in (("ada", "recruiter"), ("page", "review-service")):
        key = make_key(tmp_path / f"{name}.key", None)
        people += f"  - {{name: {name.title()}, key: {key}, roles: [{role}], from: 2026-01-01}}\n"
    (tmp_path / "ring.yaml").write_text(f"auditor: keyring/1\npeople:\n{people}")
    return tmp_path


def invite(run, keys, *words, name="Ada", key="page", url="http://127.0.0.1:8000"):
    return run(
        "review", "invite", name, "--keyring", keys / "ring.yaml",
        "--sign-with", keys / f"{key}.key", "--url", url, *words,
    )  # fmt: skip


def serve(run, keys, *words, key="page"):
    return run(
        "review", "serve", keys / "none", "--ledger", keys / "none.db",
        "--keyring", keys / "ring.yaml", "--sign-with", keys / f"{key}.key", *words,
    )  # fmt: skip


def key_of(keys, name):
    from auditor.signing import read_keyring

    found = read_keyring(keys / "ring.yaml").holders
    return next(one.key for one in found if one.name == name)


def test_a_link_holds_a_key_and_no_name(run, keys):
    ran = invite(run, keys, "--minutes", "5")
    address, _, text = ran.out.strip().partition("/enter?invite=")
    made = read_invite(text, key_of(keys, "Page"))

    assert (ran.code, address) == (0, "http://127.0.0.1:8000")
    assert (made.key, made.address) == (key_of(keys, "Ada"), address)
    assert "Ada" not in ran.out + ran.err
    assert "once, until 20" in ran.err


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ({"name": "Eve"}, "unknown-person"),
        ({"name": "Page"}, "unknown-person"),
        ({"key": "ada"}, "not-a-review-service"),
        ({"url": "http://reviews.example.org"}, "page-address"),
        ({"url": "https://reviews.example.org/page"}, "page-address"),
    ],
)
def test_a_link_that_would_open_nothing_is_not_made(run, keys, said, slug):
    ran = invite(run, keys, **said)

    assert (ran.code, ran.out, slug in ran.err) == (2, "", True)


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("--host", "0.0.0.0"), "listen-unsafe"),  # noqa: S104
        (("--behind-proxy",), "listen-unsafe"),
        (("--url", "https://reviews.example.org"), "listen-unsafe"),
        (("--proxy-header", "X-Remote-User"), "listen-unsafe"),
        (("--behind-proxy", "--url", "http://reviews.example.org"), "page-address"),
    ],
)
def test_nothing_listens_where_others_could_read(run, keys, words, slug):
    ran = serve(run, keys, *words)

    assert (ran.code, slug in ran.err) == (2, True)


def test_a_key_that_is_no_service_serves_nothing(run, keys):
    assert "not-a-review-service" in serve(run, keys, key="ada").err


def test_a_result_that_is_not_there_is_not_served(run, keys):
    assert serve(run, keys).code == 74


def test_libraries_that_are_missing_are_named_with_how_to_install_them(run, keys, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    ran = serve(run, keys)

    assert (ran.code, "the review page needs uvicorn" in ran.err) == (2, True)
    assert "pip install 'auditor[page]'" in ran.err
