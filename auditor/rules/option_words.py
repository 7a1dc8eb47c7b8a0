"""What each option of each rule kind means, as a sentence that can be read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from auditor.rules.counted_words import of_one

Sentence: TypeAlias = str | Mapping[Any, str]
"""With ``{}`` for the value; one for each word that has a meaning, under ``...`` that of others."""

_METRIC = "What is compared between groups is the {}."
_MISSING = {
    "review": "A decision that a missing value leaves open is looked at.",
    "skip": "A decision that a missing value leaves open is not looked at.",
}
_SAMPLE: Mapping[str, Sentence] = {
    "share": {None: "No share of the decisions is set.", ...: "Drawn is a share of {} of them."},
    "count": {None: "No fixed number of decisions is set.", ...: "Drawn are {} of them."},
}

OPTION_WORDS: Mapping[str, Mapping[str, Sentence]] = {
    "impact-ratio": {
        "metric": _METRIC,
        "threshold": "A rate counts as low when it is below {} times that of another group.",
        "alpha": "A low rate fails only where chance alone would show one as low in less than {} "
        "of the audits of equal groups.",
        "worth_detecting": {
            None: "For a pass the data have to rule out a ratio below that threshold itself.",
            ...: "For a pass the data have to rule out a ratio below {}.",
        },
        "pass_needs": {
            None: "No ratio closer to the threshold has to be ruled out.",
            "equivalence": "A pass needs equivalence: every ratio down to the threshold counts.",
        },
        "confidence": "The data have to rule it out with a one-sided confidence of {}.",
        "min_people": "A group of fewer than {} people is too small to be compared.",
        "min_expected": "So is a group in which fewer than {} selections would be expected.",
        "reference_share": "A group that holds less than {} of the people is no yardstick for a "
        "larger one.",
        "open_share": "Groups about which the data show too little may hold up to {} of the "
        "people in a pass; they are named.",
        "must_pass": {
            None: "Every single attribute has to pass. Crossed ones need not pass, but a fail of "
            "one counts as any other.",
            ...: "These have to pass: {}. The others need not pass, but a fail of one counts as "
            "any other.",
        },
        "unknown_factor": {
            "worst-case": "People whose group is not known count as the worst case would have "
            "them.",
            ...: "People whose group is not known may be up to {} times unlike the known ones "
            "without turning a pass.",
        },
        "strata_decide": {
            True: "Where strata are declared, counts over all of them give no verdict.",
            False: "Where strata are declared, counts over all of them decide.",
        },
        "fail_only": {
            True: "This rule can only fail: its pass counts for nothing.",
            False: "This rule can fail and pass.",
        },
    },
    "descriptive": {
        "metric": _METRIC,
        "threshold": {
            None: "No ratio is called low.",
            ...: "A ratio to the highest rate is called low when it is below {}.",
        },
        "exclude_below": "A group that holds less than {} of the people is listed without a ratio.",
    },
    "small-but-real": {
        "metric": _METRIC,
        "ratio_below": "A difference is large enough when the ratio is below {}.",
        "effect_size": "It is large enough as well when Cohen's h is at least {} in size.",
        "deviations": "It is clear enough from {} standard deviations on.",
    },
    "three-deviations": {
        "metric": _METRIC,
        "deviations": "A difference counts from {} standard deviations on.",
    },
    "unknown-share": {
        "limit": "The group of no more than {} of the people may be unknown.",
    },
    "coverage": {
        "attributes": "Tables have to be there by {}.",
        "any_metric": {(): "No table can stand for another.", ...: "One of these has to: {}."},
        "metrics": {(): "No further rate is asked for.", ...: "All of these have to: {}."},
    },
    "decision-right": {},
    "feature-not-allowed": {
        "names": {
            (): "No word in the name of a feature is looked for.",
            ...: "No feature may have one of these words in its name: {}.",
        },
        "protected": {
            True: "No feature may be a protected attribute, or tell one.",
            False: "Whether a feature tells a protected attribute is not looked at.",
        },
        "only_named": {
            True: "Protected attributes without one of these words in their name are left.",
            False: "",
        },
        "unless": {
            None: "Nothing on record allows such a feature.",
            ...: "Such a feature is allowed where the record answers: {}.",
        },
    },
    "record-present": {
        "entries": {(): "", ...: "On record has to be an answer to each of: {}."},
        "any_of": {(): "", ...: "On record has to be an answer to one of: {}."},
        "says_yes": {(): "", ...: "The answer has to be yes to: {}."},
    },
    "record-recent": {
        "entry": "The date that counts: {}.",
        "at_most": "It may be at most {} days old.",
    },
    "record-before-run": {
        "entry": "The date that counts: {}.",
        "before": {
            None: "It is held against the audited day.",
            ...: "It is held against another date: {}.",
        },
        "at_least": "It has to lie at least {} days before that.",
    },
    "record-version": {},
    "record-limit": {
        "entry": "The number that counts: {}.",
        "at_least": {None: "", ...: "It has to be at least {}."},
        "at_most": {None: "", ...: "It may be at most {}."},
    },
    "data-age": {"at_most": "The oldest decision may lie back by at most {} days."},
    "flag-budget": {"at_most": "No more than {} of the decisions may be flagged."},
    "near-cut-score": {
        "band": "Close means within {} of the width of the scale, on both sides of the cut score.",
    },
    "value-missing": {
        "columns": {
            None: "Looked at are the score and every declared feature.",
            ...: "Looked at are: {}.",
        },
    },
    "condition": {"when": "A person looks when {}.", "missing": _MISSING},
    "measure-limit": {
        "measure": "The measure is the {}.",
        "taken_as": {
            "rate": "Judged is the rate of each group.",
            "ratio": "Judged is its ratio to the reference group.",
            "difference": "Judged is its difference from the reference group.",
            "shortfall": "Judged are the people that a group is short of the common rate.",
            "shortfall-to-reference": "Judged are the people that a group is short of the rate of "
            "the reference group.",
            "z": "Judged is the z of the group and the reference group.",
            "p-value": "Judged is the exact p-value of the group and the reference group.",
            "p-mid": "Judged is the mid-p of the group and the reference group.",
            "p-adjusted": "Judged is the p-value adjusted for the number of pairs.",
            "detectable-ratio": "Judged is the mildest ratio that an audit of this size would have "
            "caught.",
        },
        "at_least": {None: "", ...: "It has to be at least {}."},
        "at_most": {None: "", ...: "It may be at most {}."},
        "judge": {
            "value": "The number itself decides.",
            "interval": "The whole interval has to lie on one side of a limit to decide.",
            "lower-end": "The lower end of the interval decides.",
            "upper-end": "The upper end of the interval decides.",
        },
        "fewest_people": {
            None: "No number of people is asked for.",
            ...: "A group of fewer than {} people gives no verdict.",
        },
    },
    "mean-gap": {
        "at_most": "The gap between two means is one from {} on.",
        "within": {
            None: "Everybody is looked at together.",
            ...: "Looked at apart is every level of {}.",
        },
        "between": {
            None: "Compared are all groups, the lowest mean with the highest.",
            ...: "Compared are these two groups: {}. Means of others are shown.",
        },
        "fewest_people": "A group of fewer than {} people with a number is left out.",
    },
    "change-from-baseline": {
        "metric": _METRIC,
        "baseline": "The earlier result is {}.",
        "taken_as": {
            "ratio": "Judged is the ratio of a group to the reference group.",
            "rate": "Judged is the rate of each group.",
            "difference": "Judged is the difference of a group from the reference group.",
        },
        "at_most": "It may fall by at most {}.",
        "alpha": "A larger fall fails only where chance alone would show one in less than {} of "
        "all comparisons.",
    },
    "counterfactual-flip": {"reads_protected": {True: "This rule reads protected attributes."}},
    "out-of-range": {
        "ranges": {
            None: "The ranges are those of the model's background.",
            ...: "The ranges, both ends inside, are: {}.",
        },
        "missing": _MISSING,
    },
    "proxy-among-drivers": {
        "features": "Watched are: {}.",
        "strongest": "Looked at are the {} strongest reasons of a decision.",
    },
    "protected-among-drivers": {
        "reads_protected": {True: "This rule reads protected attributes."},
        "features": {
            (): "Watched are protected attributes alone.",
            ...: "Watched are protected attributes, and: {}.",
        },
        "strongest": "Looked at are the {} strongest reasons of a decision.",
    },
    "neighbours-differ": {
        "features": "Decisions are alike by: {}.",
        "neighbours": "Each is compared with the {} nearest ones.",
        "share": "It stands alone when at least {} of them had the other outcome.",
        "missing": _MISSING,
    },
    "model-and-human-disagree": {},
    "control-cases": {"share": "Of the cases that are read, {} are control cases."},
    "random-control": _SAMPLE,
    "gate-failed": _SAMPLE,
    "decision-right-violated": {
        "missing": {
            "review": "A decision without a record of who took it is looked at.",
            "skip": "A decision without a record of who took it is not looked at.",
        },
    },
}
"""Every option of every kind; a test fails when a kind gets one that is not here."""


def option_sentence(kind: str, option: str, value: Any, shown: str) -> str:
    """Sentence about one option with its value, as ``shown``.

    Examples
    --------
    >>> option_sentence("unknown-share", "limit", "0.2", "0.2")
    'The group of no more than 0.2 of the people may be unknown.'
    """
    words = OPTION_WORDS[kind][option]
    if not isinstance(words, str):
        known = tuple(value) if isinstance(value, list | Mapping) else value
        words = words.get(known, words.get(..., "{}"))
    return (of_one(words) if str(value) == "1" else words).replace("{}", shown)
