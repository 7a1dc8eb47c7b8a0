"""Which signatures count, and who stands behind which role."""

from __future__ import annotations

import dataclasses
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import IntegrityError
from auditor.signing.canonical import canonical
from auditor.signing.ed25519 import is_signed, key_of
from auditor.signing.verifying import _each_their_own, refusal, verify
from tests.unit.signing.conftest import DAY, POLICY


def reasons(found) -> list[str | None]:
    return [entry.why_not for entry in found.checked]


def test_two_people_behind_two_roles_are_complete(policy, signer, keyring):
    bound, ada, ben = policy("hr", "it"), signer("ada"), signer("ben")
    ring = keyring(ada.holds("hr"), ben.holds("it"))
    found = verify(bound, [ada.signs(bound, "hr"), ben.signs(bound, "it")], ring, as_of=DAY)

    assert found.complete
    assert (found.standing, found.missing) == (("hr", "it"), ())
    assert [entry.person for entry in found.checked] == ["ada", "ben"]
    assert refusal(bound.policy, found) is None


def test_a_role_that_nobody_signed_for_is_missing(policy, signer, keyring):
    bound, ada = policy("hr", "it"), signer("ada")
    found = verify(bound, [ada.signs(bound, "hr")], keyring(ada.holds("hr")), as_of=DAY)
    refused = refusal(bound.policy, found)

    assert not found.complete
    assert [m.role for m in found.missing] == ["it"]
    assert isinstance(refused, IntegrityError)
    assert refused.exit_code == 6
    assert "the role 'it' has not signed" in str(refused)


def test_one_person_in_two_roles_counts_for_one(policy, signer, keyring):
    bound, ada = policy("hr", "it"), signer("ada")
    ring = keyring(ada.holds("hr", "it"))
    found = verify(bound, [ada.signs(bound, "hr"), ada.signs(bound, "it")], ring, as_of=DAY)

    assert reasons(found) == [None, None]
    assert found.standing == ("hr",)
    assert found.missing[0].says == ("the role 'it' is signed by ada alone, who stands behind hr")


@pytest.mark.parametrize("name", ["ada", "Ada", " A\N{FULLWIDTH LATIN SMALL LETTER D}A "])
def test_a_second_key_makes_no_second_person(policy, signer, keyring, name):
    bound, old, new = policy("hr", "it"), signer("ada"), signer("other key")
    signatures = [old.signs(bound, "hr"), new.signs(bound, "it")]
    one = keyring(old.holds("hr"), new.holds("it", name=name))
    two = keyring(old.holds("hr"), new.holds("it", name="ben"))

    assert not verify(bound, signatures, one, as_of=DAY).complete
    assert verify(bound, signatures, two, as_of=DAY).complete


def test_who_may_do_both_gives_way_to_who_may_do_one(policy, signer, keyring):
    bound, ada, ben = policy("hr", "it"), signer("ada"), signer("ben")
    ring = keyring(ada.holds("hr", "it"), ben.holds("hr"))
    signatures = [ada.signs(bound, "hr"), ada.signs(bound, "it"), ben.signs(bound, "hr")]

    assert verify(bound, signatures, ring, as_of=DAY).complete


def test_without_signed_by_one_valid_signature_is_enough_and_none_is_not(policy, signer, keyring):
    bound, ada = policy(), signer("ada")
    ring = keyring(ada.holds("hr"))
    none = verify(bound, [], ring, as_of=DAY)

    assert verify(bound, [ada.signs(bound, "hr")], ring, as_of=DAY).complete
    assert not none.complete
    assert "has no valid signature" in str(refusal(bound.policy, none))


def test_an_invalid_signature_beside_valid_ones_spoils_nothing(policy, signer, keyring):
    bound, ada, eve = policy("hr"), signer("ada"), signer("eve")
    signatures = [eve.signs(bound, "hr"), ada.signs(bound, "hr")]
    found = verify(bound, signatures, keyring(ada.holds("hr")), as_of=DAY)

    assert found.complete
    assert reasons(found) == ["its key is not in the keyring", None]
    assert found.checked[0].person is None


def test_a_policy_that_changed_since_is_not_signed(policy, signer, keyring):
    bound, ada = policy("hr"), signer("ada")
    signatures, ring = [ada.signs(bound, "hr")], keyring(ada.holds("hr"))
    changed = policy("hr", text=POLICY.replace("1/4", "1/5"))

    assert verify(bound, signatures, ring, as_of=DAY).complete
    assert "has changed since" in reasons(verify(changed, signatures, ring, as_of=DAY))[0]


def test_a_signature_of_another_policy_says_so(policy, signer, keyring):
    bound, ada = policy("hr"), signer("ada")
    other = policy("hr", text=POLICY.replace("id: ours", "id: theirs"))
    found = verify(other, [ada.signs(bound, "hr")], keyring(ada.holds("hr")), as_of=DAY)

    assert reasons(found) == ["it is about another policy, 'ours'"]
    assert not found.complete


def test_a_role_that_the_keyring_does_not_give_does_not_count(policy, signer, keyring):
    bound, ada = policy("hr"), signer("ada")
    found = verify(bound, [ada.signs(bound, "hr")], keyring(ada.holds("it", "law")), as_of=DAY)

    assert reasons(found) == ["its key may sign for it, law only"]


@pytest.mark.parametrize(
    ("day", "valid"),
    [("2026-02-01", True), ("2026-01-31", False), ("2026-05-31", True), ("2026-06-01", False)],
)
def test_a_key_holds_from_its_first_to_its_last_day(policy, signer, keyring, day, valid):
    bound, ada = policy("hr"), signer("ada")
    ring = keyring(ada.holds("hr", start=date(2026, 2, 1), until=date(2026, 5, 31)))
    signed = ada.signs(bound, "hr", date.fromisoformat(day))
    found = verify(bound, [signed], ring, as_of=date(2026, 12, 31))

    assert found.complete is valid
    assert valid or reasons(found) == ["its key holds from 2026-02-01 to 2026-05-31"]


def test_a_signature_from_the_future_does_not_count_yet(policy, signer, keyring):
    bound, ada = policy("hr"), signer("ada")
    ring, signed = keyring(ada.holds("hr")), [ada.signs(bound, "hr", DAY)]

    assert verify(bound, signed, ring, as_of=DAY).complete
    assert reasons(verify(bound, signed, ring, as_of=date(2026, 5, 31))) == [
        "it is dated after 2026-05-31"
    ]


def test_a_copy_counts_once_and_a_forgery_before_the_real_one_hides_nothing(
    policy, signer, keyring
):
    bound, ada = policy("hr"), signer("ada")
    good = ada.signs(bound, "hr")
    forged = dataclasses.replace(good, signature=bytes(64))
    found = verify(bound, [forged, good, good], keyring(ada.holds("hr")), as_of=DAY)

    assert found.complete
    assert reasons(found) == [
        "it is not the signature of this key over these lines",
        None,
        "the same key has signed in this role already",
    ]


OTHERWISE = {
    "policy": "theirs",
    "version": "2",
    "digest": "sha256:" + "0" * 64,
    "role": "it",
    "signed_on": date(2026, 5, 31),
}


@pytest.mark.parametrize("field", OTHERWISE)
def test_a_line_that_is_edited_is_not_signed(policy, signer, keyring, field):
    bound, ada = policy(), signer("ada")
    ring, good = keyring(ada.holds("hr", "it")), ada.signs(bound, "hr")
    edited = dataclasses.replace(good, **{field: OTHERWISE[field]})

    assert verify(bound, [good], ring, as_of=DAY).complete
    assert reasons(verify(bound, [edited], ring, as_of=DAY)) == [
        "it is not the signature of this key over these lines"
    ]


def test_a_signature_under_the_key_of_another_person_is_not_theirs(policy, signer, keyring):
    bound, ada, ben = policy(), signer("ada"), signer("ben")
    ring = keyring(ada.holds("hr"), ben.holds("hr"))
    stolen = dataclasses.replace(ada.signs(bound, "hr"), key=ben.key)

    assert not verify(bound, [stolen], ring, as_of=DAY).complete


def test_every_field_but_the_signature_itself_is_signed(policy, signer):
    good = signer("ada").signs(policy(), "hr")
    names = {f.name for f in dataclasses.fields(good)} - {"signature"}

    assert names == OTHERWISE.keys() | {"key"}


@given(at=st.integers(0, 63), flip=st.integers(1, 255))
def test_no_byte_of_a_signature_can_be_changed(at, flip):
    good = GOOD()
    raw = bytearray(good.signature)
    raw[at] ^= flip

    assert good.genuine
    assert not dataclasses.replace(good, signature=bytes(raw)).genuine


@given(data=st.data(), field=st.sampled_from(sorted(OTHERWISE.keys() | {"key"})))
def test_no_sign_of_any_line_can_be_changed(data, field):
    good = GOOD()
    text = str(getattr(good, field))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != text[at]))
    changed: object = text[:at] + other + text[at + 1 :]
    if field == "signed_on":
        days = data.draw(st.integers(-999, 999).filter(bool))
        changed = date.fromordinal(DAY.toordinal() + days)

    assert good.genuine
    assert not dataclasses.replace(good, **{field: changed}).genuine


def GOOD():  # noqa: N802 - hypothesis wants no fixtures that last for one example
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.signing.ed25519 import key_text, public_bytes
    from auditor.signing.signature import Signature

    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    unsigned = Signature(policy="ours", version="1", digest="sha256:" + "ab" * 32, role="hr",
                         key=key_text(public_bytes(private)), signed_on=DAY,
                         signature=b"")  # fmt: skip
    return dataclasses.replace(unsigned, signature=private.sign(unsigned.statement))


def test_a_signature_made_for_something_else_is_none_of_a_policy():
    good = GOOD()
    bare = good.statement.removeprefix(b"auditor policy signature\n")

    assert is_signed(key_of(good.key), good.signature, good.statement)
    assert bare != good.statement
    assert not is_signed(key_of(good.key), good.signature, bare)
    assert bare == canonical(
        {
            "format": "signatures/1", "policy": "ours", "version": "1",
            "digest": "sha256:" + "ab" * 32, "role": "hr", "key": good.key,
            "signed_on": "2026-06-01",
        }
    )  # fmt: skip


ROLES, PEOPLE = ("a", "b", "c", "d"), ("1", "2", "3", "4", "5")


def most_by_trying_everything(required, signers) -> int:
    return max(
        sum(person in signers.get(role, {}) for role, person in zip(required, order, strict=False))
        for order in permutations(PEOPLE)
    )


@given(
    signed=st.sets(st.tuples(st.sampled_from(ROLES), st.sampled_from(PEOPLE))),
    required=st.lists(st.sampled_from(ROLES), unique=True),
)
def test_as_many_roles_stand_as_trying_everything_finds(signed, required):
    signers: dict[str, dict[str, str]] = {}
    for role, person in sorted(signed):
        signers.setdefault(role, {})[person] = person
    behind = _each_their_own(required, signers)

    assert len(behind) == most_by_trying_everything(required, signers)
    assert len(set(behind.values())) == len(behind)
    assert all(person in signers[role] for role, person in behind.items())
    assert behind.keys() <= set(required)


def test_a_thousand_roles_to_sign_are_no_trouble(policy, signer, keyring):
    bound, ada = policy(*(f"r{n}" for n in range(1000))), signer("ada")
    found = verify(bound, [ada.signs(bound, "r500")], keyring(ada.holds("r500")), as_of=DAY)

    assert found.standing == ("r500",)
    assert len(found.missing) == 999
