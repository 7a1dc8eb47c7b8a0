"""A resolved policy as lines, one for every value, with a name that stays when it moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from auditor.rules.directions import direction, key_direction, policy_direction
from auditor.rules.record_options import counts_days
from auditor.rules.resolve import resolved
from auditor.rules.scales import Direction, harmless
from auditor.vocabulary import INTERSECTION

if TYPE_CHECKING:
    from auditor.documents import PathKey
    from auditor.rules.bound import BoundPolicy
    from auditor.rules.scales import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One value of a policy: ``subject`` and ``word`` name it to people, ``at`` is its place.

    ``name`` is the path by ids where ``at`` counts. A ``whole`` line stands for an entry that is
    there or not; what is inside it has lines of its own, whose names begin with its name.
    """

    name: tuple[str, ...]
    at: PathKey
    value: Any
    way: Way
    subject: str
    word: str = ""
    rule: str | None = None
    whole: bool = False
    in_days: bool = False

    @property
    def key(self) -> str:
        """Path as text, below the rule when it is in one."""
        return ".".join(self.name[2:] if self.rule and len(self.name) > 2 else self.name)


def lines_of(bound: BoundPolicy) -> dict[tuple[str, ...], Line]:
    """Every value of a policy, in the order of the grammar."""
    kinds = {rule.entry.id: rule.options for rule in bound.rules}
    lines = {line.name: line for line in _lines(resolved(bound))}
    for name, line in lines.items():
        if (
            line.rule
            and name[2:3] == ("options",)
            and counts_days(type(kinds[line.rule]), name[-1])
        ):
            lines[name] = replace(line, in_days=True)
    return lines


def _lines(data: Mapping[str, Any]) -> Iterator[Line]:
    yield from _keys(data["policy"], ("policy",), "The policy")
    for n, basis in enumerate(data["basis"]):
        name, subject = ("basis", basis["id"]), f"Text {basis['id']}"
        about = f"{subject} ({basis['cite']})"
        yield Line(name=name, at=("basis", n), value=basis, way=harmless, subject=about, whole=True)
        for key, value in basis.items():
            yield _line((*name, key), ("basis", n, key), value, harmless, subject)
    for n, names in enumerate(data["groups"]["intersections"]):
        crossed = INTERSECTION.join(names)
        yield _element(("groups", "intersections"), n, crossed, f"The crossed table {crossed}")
    yield from _keys(data["decision_rights"], ("decision_rights",), "The decision right")
    roles = {name: role["may"] for name, role in data["roles"].items()}
    yield from _keys(roles, ("roles",), "The role")
    for n, pair in enumerate(data["keep_apart"]):
        one, other = sorted(pair)
        yield _element(("keep_apart",), n, f"{one}, {other}", f"Keeping {one} and {other} apart")
    for n, asked in enumerate(data["requests"]):
        yield from _request(asked, ("requests", n))
    yield from _reason_codes(data.get("reason_codes", []))
    for n, need in enumerate(data.get("reviews_need", [])):
        yield _element(("reviews_need",), n, need, f"The demand that reviews say their {need}")
    way = partial(policy_direction, "missing_values")
    whole = ("missing_values",)
    yield _line(whole, whole, data["missing_values"], way, "The policy")
    yield from _keys(data["waivers"]["limits"], ("waivers", "limits"), "Waivers")
    for n, waiver in enumerate(data["waivers"]["granted"]):
        yield from _waiver(waiver, ("waivers", "granted", n))
    for section in ("gates", "reviews"):
        for n, rule in enumerate(data[section]):
            yield from _rule(rule, section, n)
    for n, example in enumerate(data["examples"]):
        subject = f"Example {example['name']!r}"
        name, at = ("examples", example["name"]), ("examples", n)
        yield Line(name=name, at=at, value=example, way=harmless, subject=subject, whole=True)
        for key, value in example.items():
            yield _line((*name, key), (*at, key), value, harmless, subject)


def _keys(values: Mapping[str, Any], at: PathKey, subject: str) -> Iterator[Line]:
    """Keys of a mapping; where people choose the keys, one way holds for all of them."""
    steps = tuple(map(str, at))
    for key, value in values.items():
        known = ".".join(steps if at[0] in ("decision_rights", "roles") else (*steps, key))
        yield _line((*steps, key), (*at, key), value, partial(policy_direction, known), subject)


def _rule(rule: Mapping[str, Any], section: str, n: int) -> Iterator[Line]:
    name, at = (section, rule["id"]), (section, n)
    subject = f"Rule {rule['id']}"
    moves = rule.get("severity") or ("mandatory" if rule["mandatory"] else "advised")
    yield Line(
        name=name,
        at=at,
        value=rule,
        way=_added_rule,
        subject=f"{subject} ({rule['kind']}, {moves})",
        rule=rule["id"],
        whole=True,
    )
    for key, value in rule.items():
        if key != "options":
            way = partial(key_direction, key)
            yield _line((*name, key), (*at, key), value, way, subject, rule["id"])
    for option, value in rule["options"].items():
        way = partial(direction, rule["kind"], option)
        path = ("options", option)
        yield _line((*name, *path), (*at, *path), value, way, subject, rule["id"])


def _request(asked: Mapping[str, Any], at: PathKey) -> Iterator[Line]:
    name, subject = ("requests", asked["id"]), f"Request {asked['id']}"
    about = f"{subject} ({asked['kind']}, {asked['due']})"
    yield Line(name=name, at=at, value=asked, way=_tighter, subject=about, whole=True)
    for key, value in asked.items():
        way = partial(policy_direction, f"requests.{key}")
        yield _line((*name, key), (*at, key), value, way, subject)


def _reason_codes(codes: Sequence[Mapping[str, str]]) -> Iterator[Line]:
    """One line for which codes there are, and one for what each of them says."""
    at, way = ("reason_codes",), partial(policy_direction, "reason_codes")
    listed = [code["id"] for code in codes] or None
    yield replace(_line(at, at, listed, way, "The policy"), word="list of reason codes")
    for n, code in enumerate(codes):
        name = (*at, code["id"], "says")
        yield _line(name, (*at, n, "says"), code["says"], harmless, f"Reason code {code['id']}")


def _waiver(waiver: Mapping[str, Any], at: PathKey) -> Iterator[Line]:
    name, subject = ("waivers", "granted", waiver["id"]), f"Waiver {waiver['id']}"
    about = f"{subject} (of {waiver['rule']} until {waiver['until']})"
    yield Line(name=name, at=at, value=waiver, way=_looser, subject=about, whole=True)
    for key, value in waiver.items():
        way = partial(policy_direction, f"waivers.granted.{key}")
        yield _line((*name, key), (*at, key), value, way, subject)


def _line(
    name: tuple[str, ...],
    at: PathKey,
    value: Any,
    way: Way,
    subject: str,
    rule: str | None = None,
) -> Line:
    word = name[-1] if name[0] in ("decision_rights", "roles") else name[-1].replace("_", " ")
    return Line(name=name, at=at, value=value, way=way, subject=subject, word=word, rule=rule)


def _element(at: PathKey, n: int, element: str, subject: str) -> Line:
    name = (*map(str, at), element)
    return Line(name=name, at=(*at, n), value=element, way=_tighter, subject=subject, whole=True)


def _tighter(old: Any, new: Any) -> Direction:  # noqa: ARG001 - a way takes both
    """Tell that one more of what is asked for is tighter."""
    return "looser" if new is None else "tighter"


def _looser(old: Any, new: Any) -> Direction:  # noqa: ARG001 - a way takes both
    """Tell that one more of what is let through is looser."""
    return "tighter" if new is None else "looser"


def _added_rule(old: Any, new: Any) -> Direction:  # noqa: ARG001 - a way takes both
    """One rule less is looser; one more is tighter unless it moves no verdict and flags nobody."""
    if new is None:
        return "looser"
    return "tighter" if new.get("severity", "block") == "block" else "neutral"
