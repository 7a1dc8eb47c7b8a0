"""Keyed identities of flags, and the key itself."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from pathlib import Path

import pytest

from auditor.errors import PathError, UsageError
from auditor.result.identity import default_key_path, identity, load_key

KEY = bytes(range(32))


def test_it_is_the_keyed_hash_of_the_four_parts():
    message = json.dumps(["17", "v1", "favorable", "0.5"]).encode()
    expected = hmac.new(KEY, message, hashlib.sha256).hexdigest()[:32]

    assert identity(KEY, "17", "v1", "favorable", "0.5") == expected


def test_every_part_and_the_key_matter_and_parts_do_not_run_together():
    parts = ["17", "v1", "favorable", "0.5"]
    others = [[*parts[:n], parts[n] + "x", *parts[n + 1 :]] for n in range(4)]
    others.append(["17v", "1", "favorable", "0.5"])
    made = {identity(KEY, *part) for part in (parts, *others)}

    assert len(made) == 6
    assert identity(KEY[::-1], *parts) not in made


def test_a_key_is_made_on_first_use_and_found_again(tmp_path):
    place = tmp_path / "deep" / "key"

    key = load_key(place)

    assert len(key) == 32
    assert load_key(place) == key
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in place.parent.iterdir()] == ["key"]


def test_runs_that_start_together_agree_on_one_key(tmp_path):
    keys: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: keys.append(load_key(tmp_path / "key"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 8
    assert len(set(keys)) == 1


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "0" * 66, "\u00e9" * 32, "00 " * 32])
def test_a_file_that_holds_no_key_is_refused_and_kept(tmp_path, text):
    (tmp_path / "key").write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        load_key(tmp_path / "key")
    assert (tmp_path / "key").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("place", ["/proc/nowhere/key", "/dev/null/key", "/", "a\0b"])
def test_a_key_that_can_be_neither_read_nor_made_is_refused(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)

    with pytest.raises((PathError, UsageError)) as caught:
        load_key(Path(place))
    assert caught.value.problems[0].hint
    assert list(tmp_path.iterdir()) == []


def test_the_key_lies_where_the_desktop_keeps_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert default_key_path() == tmp_path / "config" / "auditor" / "key"

    for value in ("", "relative"):  # a relative one counts as none
        monkeypatch.setenv("XDG_CONFIG_HOME", value)
        assert default_key_path() == tmp_path / ".config" / "auditor" / "key"


def test_without_a_home_one_is_asked_to_name_the_key(monkeypatch):
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)

    with pytest.raises(PathError, match="--key"):
        load_key()
