"""Which way a change of a policy goes: one table for comparing policies and for inheriting one.

Tighter: more runs fail or have no verdict, or more decisions are flagged, and no run that failed or
had no verdict comes to pass. Looser is the other way round. What may do either is unclear.

Raising ``threshold``, ``worth_detecting`` or ``confidence`` of impact-ratio leaves more groups
open, and two doubts about a pass can lapse by that. It is tighter all the same: no fail is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.policy.model import RIGHTS
from auditor.rules.scales import (
    FLOOR,
    HIGHER,
    LATER_IS_LOOSER,
    LOWER,
    MISSING,
    OFF_IS_TIGHTER,
    ON_IS_TIGHTER,
    SETS,
    Direction,
    Scale,
    Way,
    closed_list,
    day,
    days,
    for_each,
    harmless,
    in_force,
    one_entry_would_do,
    one_would_do,
    or_nothing,
    place,
    unordered,
    up_to_infinity,
)


def direction(kind: str, option: str, old: Any, new: Any) -> Direction:
    """Which way the change of one option of one rule goes.

    Parameters
    ----------
    kind, option : str
        Of the rule, such as ``impact-ratio`` and ``threshold``.
    old, new
        Plain values with every default filled in, as `filled_options` gives them.

    Returns
    -------
    {"tighter", "looser", "neutral", "unclear"}
        Neutral when both mean the same. Unclear also for an option that no table knows.

    Examples
    --------
    >>> direction("impact-ratio", "threshold", "4/5", "0.75")
    'looser'
    >>> direction("condition", "missing", "skip", "review")
    'tighter'
    """
    return OPTIONS.get(kind, {}).get(option, unordered)(old, new)


def key_direction(key: str, old: Any, new: Any) -> Direction:
    """Which way the change of a key of a rule goes, other than its options.

    Examples
    --------
    >>> key_direction("severity", "block", "warn"), key_direction("says", "A.", "B.")
    ('looser', 'neutral')
    """
    return RULE_KEYS.get(key, unordered)(old, new)


def policy_direction(key: str, old: Any, new: Any) -> Direction:
    """Which way the change of a key outside the rules goes, such as ``policy.status``.

    Examples
    --------
    >>> policy_direction("policy.status", "in-force", "draft")
    'looser'
    >>> policy_direction("waivers.limits.longest", "90 days", "30 days")
    'tighter'
    """
    return POLICY_KEYS.get(key, unordered)(old, new)


_SAMPLE: Mapping[str, Way] = {"share": HIGHER, "count": HIGHER}

OPTIONS: Mapping[str, Mapping[str, Way]] = {
    "impact-ratio": {
        "metric": unordered,
        "threshold": HIGHER,
        "alpha": HIGHER,
        "worth_detecting": Scale(size=up_to_infinity, up="tighter", down="looser"),
        "pass_needs": Scale(size=place(None, "equivalence"), up="tighter", down="looser"),
        "confidence": HIGHER,
        "min_people": FLOOR,
        "min_expected": FLOOR,
        "reference_share": FLOOR,
        "open_share": LOWER,
        "must_pass": SETS,
        "unknown_factor": Scale(size=up_to_infinity, up="tighter", down="looser"),
        # with strata the pooled counts give no verdict, or decide: pass and fail alike
        "strata_decide": unordered,
        "fail_only": OFF_IS_TIGHTER,
    },
    "descriptive": {
        "metric": unordered,
        "threshold": Scale(size=or_nothing, up="tighter", down="looser"),
        "exclude_below": FLOOR,
    },
    "small-but-real": {
        "metric": unordered,
        "ratio_below": HIGHER,
        "effect_size": LOWER,
        "deviations": LOWER,
    },
    "three-deviations": {"metric": unordered, "deviations": LOWER},
    "unknown-share": {"limit": LOWER},
    "coverage": {
        "attributes": SETS,
        "any_metric": Scale(size=one_would_do, up="looser", down="tighter"),
        "metrics": SETS,
    },
    "decision-right": {},
    "feature-not-allowed": {
        "names": SETS,
        "protected": ON_IS_TIGHTER,
        "only_named": OFF_IS_TIGHTER,
        "unless": Scale(size=place("", None), up="tighter", down="looser"),
    },
    "record-present": {
        "entries": SETS,
        "any_of": Scale(size=one_entry_would_do, up="looser", down="tighter"),
        "says_yes": SETS,
    },
    "record-recent": {"entry": unordered, "at_most": LOWER},
    "record-before-run": {
        "entry": unordered,
        "before": unordered,
        "at_least": HIGHER,
    },
    "record-version": {},
    "record-limit": {
        "entry": unordered,
        "at_least": Scale(size=or_nothing, up="tighter", down="looser"),
        "at_most": Scale(size=up_to_infinity, up="looser", down="tighter"),
    },
    "flag-budget": {"at_most": LOWER},
    "data-age": {"at_most": LOWER},
    "near-cut-score": {"band": HIGHER},
    # without names all columns that the profile declares; a name that is not among them is missed
    "value-missing": {"columns": SETS},
    "condition": {"when": unordered, "missing": MISSING},
    "random-control": _SAMPLE,
    "gate-failed": _SAMPLE,
    "decision-right-violated": {"missing": MISSING},
    "measure-limit": {
        "measure": unordered,
        "taken_as": unordered,
        "at_least": Scale(size=or_nothing, up="tighter", down="looser"),
        "at_most": Scale(size=up_to_infinity, up="looser", down="tighter"),
        "judge": unordered,
        "fewest_people": FLOOR,
    },
    "mean-gap": {
        "at_most": LOWER,
        "within": unordered,
        "between": unordered,
        "fewest_people": FLOOR,
    },
    "change-from-baseline": {
        "metric": unordered,
        "baseline": unordered,
        "taken_as": unordered,
        "at_most": LOWER,
        "alpha": HIGHER,
    },
    "counterfactual-flip": {"reads_protected": unordered},
    "out-of-range": {"ranges": unordered, "missing": MISSING},
    "proxy-among-drivers": {"strongest": HIGHER, "features": SETS},
    "protected-among-drivers": {
        "strongest": HIGHER,
        "reads_protected": unordered,
        "features": SETS,
    },
    # other features or another number of them are other neighbours
    "neighbours-differ": {
        "features": unordered,
        "neighbours": unordered,
        "share": LOWER,
        "missing": MISSING,
    },
    "model-and-human-disagree": {},
    "control-cases": {"share": HIGHER},
}
"""Every option of every kind; a test fails when a kind gets one that is not here."""

RULE_KEYS: Mapping[str, Way] = {
    "id": harmless,
    "kind": unordered,
    "says": harmless,
    "because": harmless,
    "for_each": for_each,
    "severity": Scale(size=place("info", "warn", "block"), up="tighter", down="looser"),
    "when_present": OFF_IS_TIGHTER,
    "mandatory": ON_IS_TIGHTER,
    "reviewer": unordered,
    "due": Scale(size=days, up="looser", down="tighter"),
    "readers": HIGHER,
}
"""Every key of a rule but its options, as a resolved policy has them."""

POLICY_KEYS: Mapping[str, Way] = {
    "policy.id": harmless,
    "policy.title": harmless,
    "policy.version": harmless,
    "policy.status": Scale(size=in_force, up="tighter", down="looser"),
    "policy.owner": harmless,
    "policy.effective_from": LATER_IS_LOOSER,
    "policy.review_by": harmless,
    "policy.verified_on": harmless,
    "policy.notice": harmless,
    "policy.signed_by": SETS,
    "decision_rights": Scale(size=place(*RIGHTS), up="tighter", down="looser"),
    "roles": unordered,
    "requests.id": harmless,
    "requests.kind": unordered,
    "requests.says": harmless,
    "requests.because": harmless,
    "requests.due": Scale(size=days, up="looser", down="tighter"),
    "requests.reviewer": unordered,
    "reason_codes": closed_list,
    "missing_values": MISSING,
    "waivers.limits.longest": Scale(size=days, up="looser", down="tighter"),
    "waivers.limits.approvals": HIGHER,
    "waivers.limits.never_for": SETS,
    "waivers.granted.from": Scale(size=day, up="tighter", down="looser"),
    "waivers.granted.until": LATER_IS_LOOSER,
    "waivers.granted.because": harmless,
    "waivers.granted.instead": harmless,
    "waivers.granted.justification": harmless,
}
"""Keys outside the rules; those of a waiver that are not here say what it covers, and by whom."""
