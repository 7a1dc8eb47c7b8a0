"""Which signatures of a policy count, and which roles still have to sign it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from auditor.errors import IntegrityError, Problem, Where
from auditor.policy.people import same_name
from auditor.signing.canonical import policy_digest

if TYPE_CHECKING:
    from auditor.policy import Policy
    from auditor.rules.bound import BoundPolicy
    from auditor.signing.keyring import Keyring
    from auditor.signing.signature import Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One signature; ``person`` is who holds its key, ``why_not`` why it does not count."""

    signature: Signature
    person: str | None
    why_not: str | None

    @property
    def valid(self) -> bool:
        """Whether it counts."""
        return self.why_not is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A role that nobody of its own has signed for.

    ``says`` tells whether it is signed by no one, or by people who already stand behind another.
    """

    role: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Every signature of a policy with what became of it.

    ``standing`` are the roles that have signed: those that the policy asks for, each by a person
    of its own, or, when it asks for none, all that are signed.
    """

    digest: str
    checked: tuple[Checked, ...]
    standing: tuple[str, ...]
    missing: tuple[Missing, ...]

    @property
    def complete(self) -> bool:
        """Whether every role that has to sign has signed, and somebody has."""
        return bool(self.standing) and not self.missing


def verify(
    bound: BoundPolicy, signatures: Sequence[Signature], keyring: Keyring, *, as_of: date
) -> Verification:
    """Check every signature of a policy against a keyring.

    Two roles need two people: what one person signs in two of them counts for one.

    Raises
    ------
    SignatureError
        When the policy has no canonical form.
    """
    digest = policy_digest(bound)
    checked: list[Checked] = []
    counted: set[tuple[str, str]] = set()
    for one in signatures:
        holder = keyring.holder(one.key)
        why_not = _why_not(one, keyring, (bound.policy.id, digest), as_of)
        if why_not is None and (one.key, one.role) in counted:
            why_not = "the same key has signed in this role already"
        if why_not is None:
            counted.add((one.key, one.role))
        checked.append(
            Checked(signature=one, person=holder.name if holder else None, why_not=why_not)
        )
    signers: dict[str, dict[str, str]] = {}
    for entry in checked:
        if entry.valid and entry.person is not None:
            by_name = signers.setdefault(entry.signature.role, {})
            by_name.setdefault(same_name(entry.person), entry.person)
    required = bound.policy.signed_by
    behind = _each_their_own(required, signers)
    return Verification(
        digest=digest,
        checked=tuple(checked),
        standing=tuple(role for role in required if role in behind)
        or _all_signed(required, signers),
        missing=tuple(
            Missing(role=role, says=_missing(role, signers, behind))
            for role in required
            if role not in behind
        ),
    )


def _all_signed(required: Sequence[str], signers: Mapping[str, object]) -> tuple[str, ...]:
    return () if required else tuple(signers)


def _why_not(one: Signature, keyring: Keyring, policy: tuple[str, str], as_of: date) -> str | None:
    """Why a signature does not count; the proof comes first, since all else is only a claim."""
    name, digest = policy
    holder = keyring.holder(one.key)
    if holder is None:
        return "its key is not in the keyring"
    if not one.genuine:
        return "it is not the signature of this key over these lines"
    if one.policy != name:
        return f"it is about another policy, {one.policy!r}"
    if one.digest != digest:
        return f"the policy has changed since (version {one.version!r} was signed)"
    if one.role not in holder.roles:
        return f"its key may sign for {', '.join(holder.roles)} only"
    if not holder.holds_on(one.signed_on):
        until = f" to {holder.until}" if holder.until else ""
        return f"its key holds from {holder.start}{until}"
    if one.signed_on > as_of:
        return f"it is dated after {as_of}"
    return None


def _missing(role: str, signers: Mapping[str, Mapping[str, str]], behind: Mapping[str, str]) -> str:
    names = signers.get(role, {})
    if not names:
        return f"the role {role!r} has not signed"
    elsewhere = ", ".join(sorted(other for other, by in behind.items() if by in names))
    who = " and ".join(sorted(names.values()))
    return f"the role {role!r} is signed by {who} alone, who stands behind {elsewhere}"


def _each_their_own(
    required: Sequence[str], signers: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Person behind each role, nobody behind two, as many roles as possible (Kuhn's algorithm)."""
    role_of: dict[str, str] = {}

    def found(role: str, asked: set[str]) -> bool:
        for person in signers.get(role, {}):
            if person in asked:
                continue
            asked.add(person)
            if person not in role_of or found(role_of[person], asked):
                role_of[person] = role
                return True
        return False

    for role in required:
        found(role, set())
    return {role: person for person, role in role_of.items()}


def refusal(policy: Policy, found: Verification) -> IntegrityError | None:
    """Error about a policy that is not signed as it asks for; None when it is."""
    if found.complete:
        return None
    where = Where(policy.path)
    problems = [
        Problem(
            message=f"{policy.id} {policy.version}: {missing.says}",
            slug="signature-missing",
            where=where,
            hint="a person who stands behind no other role signs: "
            f"auditor policy sign FILE --key KEYFILE --role {missing.role!r}",
        )
        for missing in found.missing
    ]
    if not problems:
        problems = [
            Problem(
                message=f"{policy.id} {policy.version} has no valid signature",
                slug="not-signed",
                where=where,
                hint="sign it: auditor policy sign FILE --key KEYFILE --role ROLE",
            )
        ]
    return IntegrityError.of(problems)
