"""What changes the digest of a policy, and what must not."""

from __future__ import annotations

import dataclasses
from copy import deepcopy
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.documents import NumberText, check, read_document
from auditor.errors import PolicyError, SignatureError, Where
from auditor.policy import Basis, Policy, RuleEntry, pack_names
from auditor.policy.model import Person, ReasonCode, RequestClock, Waiver, WaiverLimits
from auditor.rules.bind import bind
from auditor.rules.filled import filled_options
from auditor.rules.resolve import flow, resolved_text
from auditor.run.nudging import _moved, _numbers
from auditor.signing.canonical import (
    canonical,
    canonical_by_rfc8785,
    canonical_policy,
    policy_digest,
)
from auditor.vocabulary import Severity

ROOT = Path(__file__).parents[3]
FILES = [*(ROOT / "policies").glob("*.yaml"), *(ROOT / "fixtures" / "policies").glob("*.yaml")]
DATA = {path: read_document(path, error=PolicyError).data for path in FILES}


def bound_of(source):
    (bound,) = bind([source])
    return bound


def test_names_are_sorted_as_in_rfc_8785_section_3_2_3():
    said = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    expected = (
        '{"\\r":"Carriage Return","1":"One","\u0080":"Control",'
        '"\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign",'
        '"\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}'
    )

    assert canonical(said) == expected.encode()


TEXTS = st.text(st.characters(exclude_categories=[]), max_size=9)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([2**53 - 1, 2**53, -(2**53)])
    | TEXTS | TEXTS.map(NumberText) | st.sampled_from(Severity) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def form(write, value):
    try:
        return write(value)
    except (TypeError, UnicodeEncodeError) as cause:
        return type(cause)


@given(VALUES)
def test_the_quick_way_writes_what_the_library_writes(value):
    assert form(canonical, value) == form(canonical_by_rfc8785, value)


def test_texts_and_literals_are_written_as_in_rfc_8785_section_3_2_2():
    said = {"string": '\u20ac$\u000f\u000aA\'\u0042"\\\\"/', "literals": [None, True, False]}
    expected = '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'

    assert canonical(said) == expected.encode()


def test_a_number_and_a_text_of_the_same_signs_differ():
    assert canonical([NumberText("0.5")]) != canonical(["0.5"])
    assert canonical([1]) != canonical(["1"]) != canonical([True])


@pytest.mark.parametrize("value", [0.5, float("nan"), b"x", date(2026, 1, 1), Fraction(1, 2)])
def test_what_is_not_exact_has_no_canonical_form(value):
    with pytest.raises(TypeError, match="no exact canonical form"):
        canonical({"a": [value]})


@pytest.mark.parametrize("field", ["title: t", "says: s"])
def test_half_a_character_is_refused_and_named(policy, field):
    from tests.unit.signing.conftest import POLICY

    name = field.partition(":")[0]
    bound = policy(text=POLICY.replace(field, f'{name}: "\\ud800"', 1))

    with pytest.raises(SignatureError, match="half a character") as caught:
        policy_digest(bound)
    assert caught.value.problems[0].slug == "no-canonical-form"


def test_half_a_character_in_a_name_is_refused_too(policy):
    from tests.unit.signing.conftest import POLICY

    bound = policy(text=POLICY + 'roles: {"\\udc00": {may: [review]}}\n')

    with pytest.raises(SignatureError, match="half a character"):
        policy_digest(bound)


def shuffled(value, random):
    """The same data with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, random) for item in value]
    return value


@settings(max_examples=30, deadline=None)
@given(
    path=st.sampled_from(FILES),
    random=st.randoms(use_true_random=False),
    comment=st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=30),
)
def test_comments_layout_and_order_of_keys_change_nothing(tmp_path_factory, path, random, comment):
    lines = [f"{k}: {flow(v)}  # {comment}" for k, v in shuffled(DATA[path], random).items()]
    other = tmp_path_factory.mktemp("other") / "other.yaml"
    other.write_text(f"# {comment}\n" + "\n\n".join(lines) + "\n", encoding="utf-8")

    assert policy_digest(bound_of(other)) == policy_digest(bound_of(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_defaults_written_out_change_nothing(path, tmp_path):
    whole = tmp_path / "whole.yaml"
    whole.write_text(resolved_text(bound_of(path)), encoding="utf-8")

    assert policy_digest(bound_of(whole)) == policy_digest(bound_of(path))


@pytest.mark.parametrize("text", ["0.25", ".25", "0.250", "25/100"])
def test_another_way_to_write_a_number_changes_nothing(policy, text):
    from tests.unit.signing.conftest import POLICY

    assert policy_digest(policy(text=POLICY.replace("1/4", text))) == policy_digest(policy())


def test_another_number_changes_the_digest_by_its_last_figure(policy):
    from tests.unit.signing.conftest import POLICY

    near = POLICY.replace("1/4", "0.250000000000000001")

    assert policy_digest(policy(text=near)) != policy_digest(policy())


def test_an_example_is_not_signed(policy):
    from tests.unit.signing.conftest import POLICY

    example = (
        "examples: [{name: n, table: {sex: {M: [3, 1], unknown: [1, 1]}}, expect: {unknown: pass}}]"
    )

    assert policy_digest(policy(text=POLICY + example)) == policy_digest(policy())


WAIVER = Waiver(
    id="w", finding="0" * 16, rule="unknown", attribute=None, group=None, value=Fraction(1, 2),
    half=Fraction(1, 20), value_text="0.5", because="b", instead="i",
    requested_by=Person(name="A", role="r"), approved_by=(Person(name="B", role="r"),),
    start=date(2026, 1, 1), until=date(2026, 2, 1), justification=None,
)  # fmt: skip
CLOCK = RequestClock(
    id="ask", kind="appeal", says="s", because=("b",), due_days=30, reviewer="r"
)  # fmt: skip
OTHERWISE = {
    "id": "theirs",
    "title": "other",
    "version": "2",
    "status": "draft",
    "owner": "other",
    "effective_from": date(2026, 1, 2),
    "review_by": date(2027, 1, 1),
    "verified_on": date(2026, 1, 1),
    "notice": "other",
    "basis": (Basis(id="b", cite="c", says="other"),),
    "intersections": ("sex*race",),
    "signed_by": ("hr",),
    "decision_rights": {"offer": "human_only"},
    "roles": {"hr": ("sign-policies",)},
    "keep_apart": (("review", "own-the-model"),),
    "requests": (CLOCK,),
    "reason_codes": (ReasonCode(id="data", says="s"),),
    "reviews_need": ("seconds",),
    "missing_values": "skip",
    "waiver_limits": WaiverLimits(longest=89, approvals=1, never_for=()),
    "waivers": (WAIVER,),
}
ELSEWHERE = {"rules", "parent", "path", "sha256", "places", "examples"}
"""Fields of a policy that are signed through its bound rules, or not at all."""


def test_every_field_of_a_policy_is_looked_at():
    assert {f.name for f in dataclasses.fields(Policy)} == OTHERWISE.keys() | ELSEWHERE


@pytest.mark.parametrize("field", OTHERWISE)
def test_every_field_of_a_policy_changes_the_digest(policy, field):
    bound = policy()
    changed = dataclasses.replace(bound.policy, **{field: OTHERWISE[field]})

    assert policy_digest(dataclasses.replace(bound, policy=changed)) != policy_digest(bound)


WAIVED_OTHERWISE = {
    "id": "v", "finding": "1" * 16, "rule": "other", "attribute": "sex", "group": "F",
    "value_text": "0.50", "because": "x", "instead": "x",
    "requested_by": Person(name="C", role="r"), "approved_by": (Person(name="B", role="q"),),
    "start": date(2026, 1, 2), "until": date(2026, 2, 2),
}  # fmt: skip


@pytest.mark.parametrize("field", WAIVED_OTHERWISE)
def test_every_field_of_a_waiver_changes_the_digest(policy, field):
    bound = policy()

    def digest(waiver):
        return policy_digest(
            dataclasses.replace(bound, policy=dataclasses.replace(bound.policy, waivers=(waiver,)))
        )

    assert digest(dataclasses.replace(WAIVER, **{field: WAIVED_OTHERWISE[field]})) != digest(WAIVER)


RULE_OTHERWISE = {
    "id": "other",
    "kind": "other",
    "says": "other",
    "because": ("c",),
    "for_each": ("sex",),
    "severity": Severity.WARN,
    "when_present": True,
    "mandatory": False,
    "reviewer": "other",
    "due_days": 5,
    "readers": 2,
}
RULE_ELSEWHERE = {"section", "options", "places"}
OF_REVIEWS = ("mandatory", "reviewer", "due_days", "readers")


def test_every_field_of_a_rule_is_looked_at():
    assert {f.name for f in dataclasses.fields(RuleEntry)} == RULE_OTHERWISE.keys() | RULE_ELSEWHERE


@pytest.mark.parametrize("field", RULE_OTHERWISE)
def test_every_field_of_a_rule_changes_the_digest(field):
    bound = bound_of("professional-practice" if field in OF_REVIEWS else "us-adverse-impact")
    first, *others = bound.rules
    entry = dataclasses.replace(first.entry, **{field: RULE_OTHERWISE[field]})
    changed = (type(first)(entry, bound.policy, first.options), *others)

    assert policy_digest(dataclasses.replace(bound, rules=changed)) != policy_digest(bound)


def moved_rules(rule):
    """The rule with each of its options moved a little, whichever ways its kind accepts."""
    options = filled_options(rule)
    for path, value in _numbers(options, ()):
        for sign in (-1, 1):
            found = _moved(rule, options, path, value, sign)
            if found:
                yield path, found[1]
    for name, value in options.items():
        others = [not value] if isinstance(value, bool) else ["known", "all", "skip", "review", "x"]
        others += [[*value, "x"], value[:-1]] if isinstance(value, list) else []
        for other in others:
            changed = {**deepcopy(options), name: other}
            read, problems = check(changed, type(rule).Options)
            if other != value and read is not None and not problems and read != rule.options:
                yield (name,), type(rule)(rule.entry, rule.policy, read)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_option_that_is_moved_changes_the_digest(path):
    bound = bound_of(path)
    base, tried = canonical_policy(bound), []
    for n, rule in enumerate(bound.rules):
        for option, moved in moved_rules(rule):
            rules = (*bound.rules[:n], moved, *bound.rules[n + 1 :])
            tried.append((rule.entry.id, option))

            assert canonical_policy(dataclasses.replace(bound, rules=rules)) != base, tried[-1]

    assert tried
    assert {name for name, _ in tried} >= {r.entry.id for r in bound.rules if filled_numbers(r)}


def filled_numbers(rule) -> bool:
    return any(True for _ in _numbers(filled_options(rule), ()))


def test_the_place_of_a_file_changes_nothing(policy):
    here, there = policy(), policy(name="other.yaml")

    assert here.policy.path != there.policy.path
    assert policy_digest(here) == policy_digest(there)
    assert isinstance(here.policy.places[()], Where)


def test_no_two_packs_have_the_same_digest():
    found = {policy_digest(bound_of(name)) for name in pack_names()}

    assert len(found) == len(pack_names())
