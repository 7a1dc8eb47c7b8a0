from __future__ import annotations

import hashlib

import pytest

from auditor.documents import NumberText, parse_document, read_document
from auditor.errors import PathError, PolicyError, ProfileError, Where


def parse(text: str | bytes):
    content = text.encode() if isinstance(text, str) else text
    return parse_document(content, "f.yaml", error=PolicyError)


def refused(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError, match=r"f\.yaml") as caught:
        parse(text)
    return [(str(problem.where), problem.slug) for problem in caught.value.problems]


def test_values_are_yaml_1_2_and_numbers_keep_their_source_text():
    data = parse(
        "a: no\nb: yes\nc: on\nd: NO\ne: true\nf: 30\ng: -7\nh: 0.80\ni: 08\nj: 1_000\nk: 0x1F\n"
        "l: 1e3\nm: .inf\nn: 2026-01-02\no: 1:30\np: '30'\nq: ~\nr:\ns: 80%\nt: 0o10\n"
    ).data

    assert data == {
        "a": "no", "b": "yes", "c": "on", "d": "NO", "e": True, "f": 30, "g": -7, "h": "0.80",
        "i": "08", "j": "1_000", "k": "0x1F", "l": "1e3", "m": ".inf", "n": "2026-01-02",
        "o": "1:30", "p": "30", "q": None, "r": None, "s": "80%", "t": "0o10",
    }  # fmt: skip
    assert {key for key, value in data.items() if isinstance(value, NumberText)} == set("hijklmt")
    assert type(data["n"]) is str
    assert type(data["f"]) is int


def test_source_text_of_every_scalar_is_kept():
    document = parse("favorable: [1, yes, True, 007, 'x', 1.50]\n")

    texts = [document.texts[("favorable", i)] for i in range(6)]
    assert texts == ["1", "yes", "True", "007", "x", "1.50"]


def test_keys_are_their_source_text():
    assert parse("1: a\nno: b\ntrue: c\n2026-01-01: d\n").data == {
        "1": "a", "no": "b", "true": "c", "2026-01-01": "d",
    }  # fmt: skip


def test_a_number_too_long_for_64_bits_stays_text():
    assert isinstance(parse("a: 1234567890123456789\n").data["a"], NumberText)
    assert parse("a: 123456789012345678\n").data["a"] == 123456789012345678


def test_every_value_and_key_has_its_place():
    document = parse("a: {b: [x, y]}\nc:\nd: 1\n")

    assert document.where(("a", "b", 1)) == Where("f.yaml", 1, 12)
    assert document.where_key(("a", "b")) == Where("f.yaml", 1, 5)
    assert document.where(("a", "zz", 3)) == document.where(("a",)) == Where("f.yaml", 1, 4)
    assert document.where_key(("a", "b", 0)) == Where("f.yaml", 1, 9)
    assert document.where() == Where("f.yaml", 1, 1)
    assert document.where(("c",)) == Where("f.yaml", 2, 1)


def test_folded_text_holds_no_mark_of_the_reader():
    assert parse("a: >-\n  one\n  two\n").data == {"a": "one two"}


def test_windows_line_ends_and_an_explicit_start_are_plain():
    assert parse("---\r\na: 1\r\nb: [x]\r\n").data == {"a": 1, "b": ["x"]}


def test_environment_variables_are_plain_text():
    assert parse("a: ${HOME}\n").data == {"a": "${HOME}"}


@pytest.mark.parametrize(
    ("text", "where", "slug"),
    [
        ("", "f.yaml:1:1", "yaml-empty"),
        ("# only a comment\n", "f.yaml:1:1", "yaml-empty"),
        ("---\n", "f.yaml:1:1", "yaml-empty"),
        ("null\n", "f.yaml:1:1", "yaml-empty"),
        ("- a\n", "f.yaml:1:1", "yaml-not-a-mapping"),
        ("just text\n", "f.yaml:1:1", "yaml-not-a-mapping"),
        ("a:\u00a01\n", "f.yaml:1:1", "yaml-not-a-mapping"),
        ("a:\n\tb: 1\n", "f.yaml:2:1", "yaml-syntax"),
        ("a: 1\nb: {c: 1\nd: 2\n", "f.yaml:2:4", "yaml-syntax"),
        ("a: [1,\nb: 2\n", "f.yaml:1:4", "yaml-syntax"),
        ("a: 1\nb: 'x\nc: 2\n", "f.yaml:2:4", "yaml-syntax"),
        ("a: b: c\n", "f.yaml:1:5", "yaml-syntax"),
        ("a: @x\n", "f.yaml:1:4", "yaml-syntax"),
        ("a: [x]]\n", "f.yaml:1:7", "yaml-syntax"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1", "yaml-several-documents"),
        ("a: 1\n...\nb: 2\n", "f.yaml:3:1", "yaml-several-documents"),
        ("%YAML 1.1\n---\na: no\n", "f.yaml:1:1", "yaml-directive"),
        ("# c\n%TAG ! tag:x,2000:\n---\na: 1\n", "f.yaml:2:1", "yaml-directive"),
        ("%UNHEARD of\n---\na: 1\n", "f.yaml:1:1", "yaml-directive"),
        ("a: &x 1\nb: *x\n", "f.yaml:1:4", "yaml-alias"),
        ("a: *x\n", "f.yaml:1:4", "yaml-alias"),
        ("a: &x [*x]\n", "f.yaml:1:4", "yaml-alias"),
        ("a: 1\nb: !!python/object/apply:os.system ['x']\n", "f.yaml:2:4", "yaml-tag"),
        ("a: !!str 1\n", "f.yaml:1:4", "yaml-tag"),
        ("a: {b: !x {c: 1}}\n", "f.yaml:1:8", "yaml-tag"),
        ("a: {b: 1, <<: {c: 1}}\n", "f.yaml:1:11", "yaml-alias"),
        ("a: {b: 0,8}\n", "f.yaml:1:8", "decimal-comma"),
        ("a: {b: 80,5 %, c: 1}\n", "f.yaml:1:8", "decimal-comma"),
        ("? [a, b]\n: 1\n", "f.yaml:1:3", "yaml-key"),
        ("a: 1\n: 2\n", "f.yaml:2:1", "yaml-key"),
        ("a: 1\nb: \x00\n", "f.yaml:2:4", "yaml-encoding"),
        ("a: 1\r\nb: \x1b[31m\n", "f.yaml:2:4", "yaml-encoding"),
        ('a: 1\nb: "\\e[31m"\n', "f.yaml:2:4", "yaml-encoding"),
        (b"a: 1\nb: \xff\n", "f.yaml:2:4", "yaml-encoding"),
        ("\ufeffa: 1\n", "f.yaml:1:1", "yaml-encoding"),
        ("a: 1\n".encode("utf-16"), "f.yaml:1:1", "yaml-encoding"),
        ("a: " + "[" * 500 + "]" * 500, "f.yaml:1:53", "yaml-too-large"),
        ("a: [" + "x," * 60_000 + "]", "f.yaml:1:19995", "yaml-too-large"),
        ("a: " + "x" * (1 << 17), "f.yaml:1:1", "yaml-too-large"),
    ],
)
def test_what_could_mean_two_things_is_refused_at_its_place(text, where, slug):
    assert refused(text) == [(where, slug)]


def test_an_alias_bomb_is_refused_at_its_first_anchor():
    levels = ["l0: &l0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"l{n}: &l{n} [" + ", ".join([f"*l{n - 1}"] * 9) + "]" for n in range(1, 10)]

    assert refused("\n".join(levels)) == [("f.yaml:1:5", "yaml-alias")]


def test_duplicate_keys_are_all_found_and_name_the_first_line():
    with pytest.raises(PolicyError, match="second time") as caught:
        parse("a: 1\nb: {c: 1, c: 2}\n'a': 3\na: 4\n")

    problems = caught.value.problems
    assert [str(p.where) for p in problems] == ["f.yaml:2:11", "f.yaml:3:1", "f.yaml:4:1"]
    assert all(p.slug == "duplicate-key" for p in problems)
    assert problems[1].hint == "the first is in line 1; keep one of them"


def test_fifty_levels_are_still_read():
    assert parse("a: " + "[" * 49 + "]" * 49).data["a"]


def test_read_document_hashes_the_bytes_and_raises_the_given_error(tmp_path):
    good = tmp_path / "good.yaml"
    good.write_bytes(b"a: 1\n")
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(b"a: *x\n")

    assert read_document(good, error=ProfileError).sha256 == hashlib.sha256(b"a: 1\n").hexdigest()
    with pytest.raises(ProfileError, match=r"bad\.yaml:1:4: the alias"):
        read_document(bad, error=ProfileError)


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\x00b"])
def test_a_path_that_cannot_be_opened_is_a_path_error(tmp_path, name):
    with pytest.raises(PathError, match="cannot read") as caught:
        read_document(tmp_path / name, error=PolicyError)

    assert caught.value.exit_code == 74


def test_long_values_are_cut_in_messages():
    with pytest.raises(PolicyError, match="the file must hold keys with values") as caught:
        parse("x" * 5000)

    assert len(str(caught.value)) < 200
