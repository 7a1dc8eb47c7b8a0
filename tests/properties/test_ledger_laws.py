"""Laws of ledgers: what is written is read back, and nothing that can be stored stops a reader."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.ledger import Words, new_draft
from auditor.ledger.bodies import BODIES
from auditor.ledger.drafting import next_entry
from auditor.ledger.entry import statement_in
from auditor.ledger.forms import TEXT, form
from auditor.ledger.names import default_name, must_be_a_name
from auditor.ledger.reading import (
    NO_PREVIOUS,
    in_form,
    quick_entry,
    read_entry,
    strict_entry,
    unknown_fields,
)
from auditor.ledger.store import Row
from auditor.ledger.verification import verify_ledger
from auditor.result.shape import faults
from auditor.signing.canonical import canonical, plain_text
from tests.unit.ledger.conftest import START, private_of
from tests.unit.ledger.shelf import Shelf

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
BODY = {
    "case": "c" * 32,
    "result": "sha256:0",
    "role": "hr",
    "judgements": [{"identity": "i", "judged": "favorable"}],
    "confidence": "low",
    "conflict": False,
    "seconds": 3,
}


def entry(body: dict[str, Any] | None = None, **words: Words):
    draft = new_draft("reviews", "first-judgement", body or BODY, words=words, now=START)
    signed = draft.signed(private_of("ada"))
    return next_entry(signed, seq=0, at="2026-11-25T09:30:00Z", previous=NO_PREVIOUS)


@given(TEXTS, TEXTS, st.none() | st.integers(0, 2**53 - 1))
def test_what_is_written_is_read_back(case, role, seconds):
    made = entry({**BODY, "case": case, "role": role, "seconds": seconds}, why=Words(text=case))

    assert read_entry(made.content) == made
    assert made.draft.genuine


def places(value: object, at: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Every place of a JSON value, the whole included."""
    found = [at]
    if isinstance(value, dict):
        for name, inner in value.items():
            found += places(inner, (*at, name))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            found += places(inner, (*at, n))
    return found


def changed(value: Any, at: tuple[Any, ...], new: object) -> Any:
    if not at:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = changed(value[at[0]], at[1:], new)
    return copy


STORED = json.loads(entry(why=Words(text="x", salt="0")).content)


@given(st.sampled_from(places(STORED)), VALUES)
def test_any_value_in_any_place_is_read_or_refused_and_never_more(at, new):
    content = json.dumps(changed(STORED, at, new)).encode()
    for stored in (content, content.replace(b" ", b"")):
        found = verify_ledger(Shelf([Row(seq=0, id=str(STORED["said"]["id"]), content=stored)]))

        assert not found.holds  # it is no entry that opens a ledger, whatever else it is
        try:
            read = read_entry(stored)
        except ValueError:
            continue
        assert read.content == stored


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content):
    with pytest.raises(ValueError):  # noqa: PT011 - its many reasons are tested where they arise
        read_entry(content)


@given(TEXTS)
def test_every_file_name_makes_a_name_that_a_ledger_can_have(stem):
    must_be_a_name(default_name(stem, "0f3a"))


@given(TEXTS, TEXTS, st.text("0123456789abcdef", min_size=32, max_size=32))
def test_words_have_the_digest_of_other_words_only_when_they_are_the_same(one, two, salt):
    same = Words(text=one, salt=salt).digest == Words(text=two, salt=salt).digest

    assert same == (one == two)
    assert Words(text=one).digest != Words(text=one).digest
    assert canonical([salt, one])


def outcome(read: Callable[[bytes], object], content: bytes) -> object:
    try:
        return read(content)
    except ValueError:
        return None


@given(st.sampled_from(places(STORED)), VALUES | TEXTS)
def test_the_quick_way_reads_nothing_that_the_long_way_refuses(at, new):
    content = json.dumps(changed(STORED, at, new), ensure_ascii=False, sort_keys=True)
    for text in (content, content.replace('": ', '":').replace(", ", ",")):
        stored = text.encode("utf-8", "replace")
        strict = outcome(strict_entry, stored)

        assert outcome(read_entry, stored) == strict
        assert quick_entry(stored) in (None, strict)


@given(TEXTS, TEXTS, st.integers(0, 10**14))
def test_the_quick_way_reads_what_people_write(case, role, seconds):
    made = entry({**BODY, "case": case, "role": role, "seconds": seconds})

    assert quick_entry(made.content) == made
    assert statement_in(made.content) == made.draft.statement


PLAIN = json.dumps(STORED, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize(
    ("there", "other"),
    [
        ('"seq":0', '"seq":0.0'),
        ('"seq":0', '"seq":-0'),
        ('"seq":0', '"seq":00'),
        ('"seq":0', '"seq":0e0'),
        ('"seq":0', '"seq":NaN'),
        ('"seq":0', '"seq":true'),
        ('"seq":0', '"seq":9007199254740993'),
        ('"seq":0', '"seq":0,"seq":0'),
        ('"seq":0', '"seq": 0'),
        ('"seq":0', '"seq":0,"set":0'),
        ('"role":"hr"', '"role":"h\\u0072"'),
        ('"role":"hr"', '"role":"\\ud83d"'),
        ('"role":"hr"', '"role":"h\nr"'),
        ('"role":"hr"', '"role":"hr","rolf":"hr"'),
        ('"words":{', '"words":{"\U0001f600":"sha256:0",'),
        ("ledger-entry/1", "ledger-entry/2"),
        ("first-judgement", "last-judgement"),
        ('"judged":"favorable"', '"judged":"favorables"'),
        ("2026-11-25T09:30:00Z", "2026-02-30T09:30:00Z"),
        ("ed25519:", "ed25519:A"),
        ('"why":"sha256:', '"why":"sha256:g'),
        ('"words":{', '"words":{"why":"sha256:' + "0" * 64 + '",'),
        ('"words":{', '"words":{"xhy":"sha256:' + "0" * 64 + '",'),
        ('"words":{', '"words":{"w\\u0041":"sha256:' + "0" * 64 + '",'),
        ('"case":"', '"by":null,"case":"'),
        ('"said":{', '"said":{"b":0,'),
    ],
)
def test_what_is_not_in_the_one_form_goes_the_long_way(there, other):
    assert quick_entry(PLAIN.encode()) is not None
    assert there in PLAIN
    content = PLAIN.replace(there, other, 1).encode()

    assert quick_entry(content) is None
    assert outcome(read_entry, content) == outcome(strict_entry, content)


def bodies(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a kind, any text in place of any text."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(args)
    if NoneType in args:
        return st.one_of(map(bodies, args))
    if is_typeddict(kind):
        return st.fixed_dictionaries(
            {name: bodies(field) for name, field in get_type_hints(kind).items()}
        )
    if origin is list:
        return st.lists(bodies(args[0]), max_size=3)
    plain = {str: st.text(max_size=9), int: st.integers(), bool: st.booleans()}
    return plain.get(kind, st.none())


FORMS = {kind: re.compile(form(body)).fullmatch for kind, body in BODIES.items()}


@pytest.mark.parametrize("kind", BODIES)
@given(st.data())
def test_the_form_of_a_kind_is_its_canonical_text(kind, data):
    body = data.draw(bodies(BODIES[kind]))
    at = data.draw(st.sampled_from(places(body)))
    other = changed(body, at, data.draw(VALUES))

    assert exact(body) == bool(FORMS[kind](plain_text(body))) == in_form(kind, body)
    assert not in_form(kind, other) or not list(faults(other, BODIES[kind]))
    for text in (plain_text(other), json.dumps(other), json.dumps(other, sort_keys=True)):
        if FORMS[kind](text):
            value = json.loads(text)
            assert (
                list(faults(value, BODIES[kind])) == list(unknown_fields(value, BODIES[kind])) == []
            )
            assert canonical(value).decode() == text


def exact(value: Any) -> bool:
    """Whether every whole number has at most 15 digits, and no text holds half a character."""
    if isinstance(value, dict | list):
        return all(map(exact, value.values() if isinstance(value, dict) else value))
    return type(value) is not int or abs(value) < 10**15


@given(st.characters())
def test_a_text_has_the_one_form_of_each_sign(sign):
    assert re.fullmatch(TEXT, plain_text(sign))
    for other in (f'"\\u{ord(sign):04x}"', f'"\\u{ord(sign):04X}"', json.dumps(sign)):
        assert not re.fullmatch(TEXT, other) or other == plain_text(sign)
