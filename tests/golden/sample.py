"""Results to render: real in shape and size, made without the engine so that they stay put.

The intervals here are Wilson's and the p-values normal approximations, and they say so: these
results show how numbers look, not how they are computed.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from auditor.result import AuditResult

HOSTILE = "<script>alert('group')</script>"
Z = 1.959963984540054
RACES = {
    "White": (1598, 5219),
    "Asian": (600, 2010),
    "Two or more races": (98, 352),
    "Hispanic or Latino": (380, 1502),
    "Black or African American": (375, 1820),
    "American Indian or Alaska Native": (21, 78),
    "Native Hawaiian or Pacific Islander": (7, 19),
}
SEXES = {"M": (1677, 5381), "F": (1402, 5619)}
UNKNOWN = {"sex": (24, 107), "race": (24, 107), "sex*race": (40, 201)}
EMPTY = (
    "ratio",
    "ratio_low",
    "ratio_high",
    "difference",
    "difference_low",
    "difference_high",
    "below_four_fifths",
    "p_value",
    "p_mid",
    "p_adjusted",
    "z",
    "shortfall",
    "shortfall_to_reference",
    "selections_to_reverse",
    "detectable_ratio",
    "bounds",
)
PART = {"M": 0.492, "F": 0.491}


def intersections() -> dict[str, tuple[int, int]]:
    cells = {}
    for sex, part in PART.items():
        for race, (x, n) in RACES.items():
            tilt = 1.1 if sex == "M" else 0.9
            people = max(1, round(n * part))
            cells[f"{sex}*{race}"] = (min(people, round(x * part * tilt)), people)
    return cells


def wilson(x: int, n: int) -> tuple[float, float]:
    p, z2 = x / n, Z * Z
    middle, half = p + z2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z2 / n)), min(1.0, (middle + half) / (1 + z2 / n))


def measurement(metric: str, attribute: str, group: str, x: int, n: int) -> dict[str, Any]:
    low, high = wilson(x, n) if n else (0.0, 1.0)
    return {
        "metric": metric,
        "attribute": attribute,
        "group": group,
        "stratum": None,
        "n": n,
        "favorable": x,
        "value": x / n if n else None,
        "low": low,
        "high": high,
        "method": "Wilson, 95 %",
        "undefined": None if n else "nobody-considered",
    }


def comparison(
    metric: str,
    attribute: str,
    group: str,
    reference: str,
    cells: dict[str, tuple[int, int]],
) -> dict[str, Any]:
    (x1, n1), (x2, n2) = cells[group], cells[reference]
    row: dict[str, Any] = dict.fromkeys(EMPTY)
    pairs = len(cells) * (len(cells) - 1) // 2
    row |= {
        "metric": metric,
        "attribute": attribute,
        "group": group,
        "reference": reference,
        "stratum": None,
        "test": "Fisher's exact test, two-sided; doubled mid-p beside it",
        "family_size": pairs,
        "method": "",
        "undefined": None,
    }
    if n1 == 0 or x2 == 0:
        row["undefined"] = "nobody-considered" if n1 == 0 else "reference-selects-nobody"
        return row
    p1, p2 = x1 / n1, x2 / n2
    difference, ratio = p1 - p2, p1 / p2
    error = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    spread = Z * math.sqrt((1 - p1) / max(x1, 0.5) + (1 - p2) / x2)
    pooled = (x1 + x2) / (n1 + n2)
    z = difference / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    p = math.erfc(abs(z) / math.sqrt(2))
    missing = 4 * x2 * n1 - 5 * x1 * n2
    row |= {
        "ratio": ratio,
        "ratio_low": ratio * math.exp(-spread),
        "ratio_high": ratio * math.exp(spread),
        "difference": difference,
        "difference_low": difference - Z * error,
        "difference_high": difference + Z * error,
        "below_four_fifths": missing > 0,
        "p_value": p,
        "p_mid": p * 0.9,
        "p_adjusted": min(1.0, p * pairs),
        "z": z,
        "shortfall": n1 * pooled - x1,
        "shortfall_to_reference": n1 * p2 - x1,
        "selections_to_reverse": max(0, -(-missing // (5 * n2 + 4 * n1))),
        "detectable_ratio": None if n1 < 30 else max(0.2, 1 - 4.2 / math.sqrt(n1 * pooled)),
        "bounds": {"low": ratio * 0.9, "high": ratio * 1.12 if group != "F" else None},
        "method": "ratio: MOVER from Wilson limits; difference: Newcombe from Wilson limits; 95 %",
    }
    return row


def measured(
    metric: str, attribute: str, cells: dict[str, tuple[int, int]], reference: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rates = [measurement(metric, attribute, g, x, n) for g, (x, n) in sorted(cells.items())]
    if attribute in UNKNOWN:
        rates.append(measurement(metric, attribute, "unknown", *UNKNOWN[attribute]))
    rows = [
        comparison(metric, attribute, group, reference, cells)
        for group in sorted(cells)
        if group != reference
    ]
    return rates, rows


def finding(**fields: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "policy": "us-adverse-impact",
        "rule": "four-fifths-and-clear",
        "kind": "impact-ratio",
        "verdict": "pass",
        "severity": "block",
        "attribute": None,
        "group": None,
        "reference": None,
        "stratum": None,
        "says": "",
        "detail": "",
        "next": "",
        "because": ["29 CFR 1607.4(D)"],
        "must_pass": True,
        "evidence": {},
        "fingerprint": "",
        "failing": [],
        "waiver": None,
    } | fields
    parts = [entry[key] for key in ("policy", "rule", "attribute", "group", "stratum")]
    entry["fingerprint"] = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
    return entry


FAILED = (
    "Black or African American applicants were selected at 0.67 times the rate of White "
    "applicants: 375 of 1,820 (20.6%) against 1,598 of 5,219 (30.6%). That is below 4/5. A gap "
    "this large would come up by chance in fewer than 5 of 100 audits of equal groups, and moving "
    "one selection would not change this."
)
PASSED = (
    "No group was below 4/5 of another, and the data rule out (95 %) a ratio below 0.70 between "
    "any two of: F, M (100 % of people)."
)
COMPLETE = (
    "Complete: the tables the rule asks for were computed. The rule sets no threshold; nothing "
    "about the ratios was judged."
)
UNSETTLED = (
    "Not enough people to tell: with equal groups this audit would reach a verdict at about 660 "
    "considered (now 500)."
)


def waivers() -> list[dict[str, Any]]:
    parts = ["house-draft", "stricter", "race", None, None]
    return [
        {
            "policy": "house-draft",
            "id": "w-2026-014",
            "finding": hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16],
            "rule": "stricter",
            "attribute": "race",
            "group": None,
            "stratum": None,
            "feature": None,
            "version": None,
            "state": "in-use",
            "says": "Waiver w-2026-014 of stricter on race holds until 2027-02-15.",
            "value": "0.74",
            "because": "A licence is required by law; 41 applicants so far.",
            "instead": "Two people read every rejection.",
            "requested_by": "model owner",
            "approved_by": ["compliance lead"],
            "from": "2026-12-01",
            "until": "2027-02-15",
            "justification": {
                "job_related": "The licence is needed from the first night on.",
                "validation_study": "VS-88",
                "alternatives": [
                    {"tried": "Hire first, license later", "why_not": "The law forbids it."}
                ],
            },
        }
    ]


def findings() -> list[dict[str, Any]]:
    law = ["Local Law 144 of 2021", "6 RCNY 5-301"]
    return [
        finding(
            attribute="race",
            group="Black or African American",
            reference="White",
            verdict="fail",
            says=FAILED,
            next="Find the step and the job family in which the gap arises, before the next "
            "selection round.",
            because=["29 CFR 1607.4(D)", "42 U.S.C. 2000e-2(k)"],
            evidence={
                "threshold": "4/5",
                "alpha": 0.05,
                "pairs": 10,
                "selected": {"Black or African American": [375, 1820], "White": [1598, 5219]},
                "p_times_pairs": 3.1e-15,
                "open_groups": [{"group": "Native Hawaiian or Pacific Islander", "people": 19}],
                "proof_pair": None,
                "undone_by_one_selection": False,
            },
        ),
        finding(attribute="sex", says=PASSED, evidence={"threshold": "4/5", "shown": ["F", "M"]}),
        finding(
            rule="small-but-real",
            kind="small-but-real",
            attribute="sex",
            group="F",
            reference="M",
            verdict="fail",
            severity="warn",
            must_pass=False,
            says="The difference between F and M is real (p 2.3e-13) but smaller than 4/5.",
            next="Look at the women's scores by requisition.",
            evidence={"ratio": 0.8006},
        ),
        finding(
            policy="nyc-ll144",
            rule="tables",
            kind="coverage",
            says=COMPLETE,
            because=law,
            evidence={"computed": ["sex", "race", "sex*race"]},
        ),
        finding(
            policy="nyc-ll144",
            rule="ratios",
            kind="descriptive",
            attribute="sex*race",
            verdict="descriptive",
            severity="info",
            must_pass=False,
            says="The lowest ratio among 14 groups is that of F*Black or African American. Equal "
            "groups of these sizes show a ratio below 4/5 in 75 of 100 audits.",
            because=law,
        ),
        finding(
            policy="house-draft",
            rule="stricter",
            attribute="race",
            verdict="no_verdict",
            says="Groups too small to show hold 12 % of people, more than 10 %.",
            next="Pool two quarters.",
            because=["house rule 7"],
            failing=[
                {
                    "about": None,
                    "stratum": None,
                    "fingerprint": waivers()[0]["finding"],
                    "value": 0.75,
                    "waiver": "w-2026-014",
                }
            ],
            waiver="w-2026-014",
        ),
    ]


def explanations() -> dict[str, Any]:
    features = [
        ("zip_code_area", -0.0431, -0.0502, -0.036),
        ("years_experience", -0.0102, -0.0144, -0.0061),
        ("skills_score", 0.0049, 0.0011, 0.0088),
        ("gap_in_employment_months", -0.0022, None, None),
        ("<b>referral</b>", 0.0, 0.0, 0.0),
    ]
    return {
        "unit": "probability of being advanced",
        "method": "TreeSHAP, interventional",
        "background": {"rows": 200, "method": "a seeded sample of all rows, seed 0"},
        "rows": 11000,
        "additivity": 3.4e-9,
        "score_check": {
            "compared": 11100,
            "differing": 3,
            "largest": 0.0021,
            "says": "The model's output differs from the exported score in 3 of 11,100 rows.",
        },
        "gap": [
            {
                "attribute": "race",
                "group": "Black or African American",
                "reference": "White",
                "gap": -0.0506,
                "residual": 0.0,
                "features": [
                    {"feature": name, "share": share, "low": low, "high": high}
                    for name, share, low, high in features
                ],
            },
            {
                "attribute": "sex",
                "group": "F",
                "reference": "M",
                "gap": 0.0,
                "residual": 0.0,
                "features": [
                    {"feature": f"feature_{i:02d}", "share": 0.0, "low": None, "high": None}
                    for i in range(12)
                ],
            },
        ],
        "file": "explanations.parquet",
        "sha256": "e3b0c442" * 8,
    }


def policies() -> list[dict[str, Any]]:
    def policy(name: str, title: str, status: str, notice: str) -> dict[str, Any]:
        return {
            "id": name,
            "version": "1.0",
            "status": status,
            "effective_from": "2026-01-01",
            "in_force": status == "in-force",
            "title": title,
            "notice": notice,
            "sha256": hashlib.sha256(name.encode()).hexdigest(),
            "digest": f"sha256:{hashlib.sha256(title.encode()).hexdigest()}",
            "extends": None,
            "signed_by": [],
            "signed": None,
            "roles": {},
            "keep_apart": [],
            "requests": [],
            "reason_codes": [],
            "reviews_need": [],
        }

    return [
        policy("us-adverse-impact", "Adverse impact under United States law", "in-force", ""),
        policy("nyc-ll144", "New York City, automated employment decision tools", "in-force", ""),
        policy("house-draft", "House rules for screening", "draft", "Not yet signed by its owner."),
    ]


def failing() -> AuditResult:
    """A large audit that fails on race, with everything a result can hold."""
    tables = [
        measured("selection-rate", "sex", SEXES, "M"),
        measured("selection-rate", "race", RACES, "White"),
        measured("selection-rate", "sex*race", intersections(), "M*White"),
        measured("scoring-rate", "sex", {"M": (2790, 5381), "F": (2703, 5619)}, "M"),
    ]
    document = {
        "format": "auditor-result/1",
        "tool": {"version": "0.1.0"},
        "created": "2026-11-24T16:00:00+00:00",
        "as_of": "2026-11-24",
        "seed": 0,
        "versions": {"python": "3.11.7", "numpy": "2.4.6", "scipy": "1.17.1", "shap": "0.51.0"},
        "policies": policies(),
        "profile": {
            "id": "acme-applications",
            "sha256": "ab12" * 16,
            "decisions": "taken",
            "unit": "application",
        },
        "inputs": [{"path": "applicants_2026Q3.csv", "sha256": "cd34" * 16, "rows": 12486}],
        "row_account": {
            "read": 12486,
            "used": 11107,
            "buckets": {"withdrawn": 1032, "not_considered": 214, "open": 127, "test records": 6},
            "people": 11107,
            "persons": None,
            "period": None,
            "absent_groups": {},
            "notes": ["The delimiter is ';', found in the first 200 lines."],
        },
        "measurements": [rate for rates, _ in tables for rate in rates],
        "comparisons": [row for _, rows in tables for row in rows],
        "notes": [
            "sex: scoring rates count scores strictly above the sample median 0.48 of all 11,000 "
            "scored people; 7 score exactly the median, 107 have no score."
        ],
        "findings": findings(),
        "not_evaluated": [
            {
                "policy": "us-adverse-impact",
                "rule": "age-four-fifths",
                "reason": "attribute-not-declared",
                "says": "The policy names age, which the profile does not map.",
                "severity": "warn",
                "required": False,
            }
        ],
        "waivers": waivers(),
        "system": on_record(),
        "flags": {
            "count": 1214,
            "share": 1214 / 11107,
            "by_rule": {
                "professional-practice/near-the-line": 1102,
                "professional-practice/value-missing": 24,
                "professional-practice/gate-failed": 100,
            },
            "mandatory_open": 1190,
            "file": "flags.csv",
            "sha256": "ef56" * 16,
        },
        "review_rules": [],
        "reviews": None,
        "explanations": explanations(),
        "verdict": {"state": "fail", "reviews_open": 1190, "exit_code": 1, "says": FAILED},
    }
    return result(document)


def on_record() -> dict[str, Any]:
    return {
        "id": "ranker",
        "name": HOSTILE,
        "vendor": "Vendor of the sample",
        "version": "1.4",
        "model_digest": "0a1b" * 16,
        "openness": "closed",
        "sha256": "2c3d" * 16,
        "entries": [
            entry(
                "questions.model",
                "Which model does it use, open or closed?",
                since="2026-01-05",
                values=[{"answer": "Trees.", "source": HOSTILE, "answered_on": "2026-01-05"}],
            ),
            entry(
                "questions.training",
                "How was it trained, on what, until when?",
                missing=["source", "answered_on"],
                values=[{"answer": "On the decisions of 2024."}],
            ),
            entry(
                "notices.candidates",
                "Were candidates told?",
                since="2026-02-01",
                values=[
                    {"reference": "N1", "given_on": "2026-02-01", "law": "6 RCNY 5-304"},
                    {"reference": "N2", "given_on": "2026-08-01", "law": "6 RCNY 5-304"},
                ],
            ),
            entry(
                "dpia",
                "Is there a data protection impact assessment?",
                missing=["reference", "on"],
            ),
        ],
    }


def entry(
    name: str,
    asks: str,
    *,
    since: str | None = None,
    missing: list[str] | None = None,
    values: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    gone = missing or []
    state = "answered" if not gone else "incomplete" if values else "missing"
    return {
        "entry": name,
        "asks": asks,
        "state": state,
        "since": since,
        "missing": gone,
        "values": values or [],
    }


def passing() -> AuditResult:
    """Two equal groups, one policy, nothing to be careful about."""
    document = json.loads(failing().to_json())
    cells = {"F": (1560, 5200), "M": (1612, 5200)}

    rates, rows = measured("selection-rate", "gender", cells, "M")
    document |= {
        "policies": policies()[:1],
        "measurements": rates,
        "comparisons": rows,
        "notes": [],
        "findings": [finding(attribute="gender", says=PASSED, evidence={"threshold": "4/5"})],
        "not_evaluated": [],
        "waivers": [],
        "system": None,
        "review_rules": [],
        "reviews": None,
        "explanations": None,
        "row_account": {
            "read": 10400,
            "used": 10400,
            "buckets": {},
            "people": 10400,
            "persons": None,
            "period": None,
            "absent_groups": {},
            "notes": [],
        },
        "flags": {
            "count": 0,
            "share": None,
            "by_rule": {},
            "mandatory_open": 0,
            "file": None,
            "sha256": None,
        },
        "verdict": {"state": "pass", "reviews_open": 0, "exit_code": 0, "says": PASSED},
    }
    return result(document)


def unsettled() -> AuditResult:
    """A small test sample without a verdict: hostile names, empty groups, undefined numbers."""
    document = json.loads(passing().to_json())
    cells = {
        HOSTILE: (3, 41),
        "B": (0, 52),
        "\u202egnorts\x1b[31m": (0, 0),
        "[bold]C[/bold]": (4, 12),
    }
    rates, rows = measured("selection-rate", "team", cells, "B")
    tested, none = measured("scoring-rate", "sex", {"F": (130, 250), "M": (120, 250)}, "F")
    document["profile"]["decisions"] = "test"
    document |= {
        "measurements": rates + tested,
        "comparisons": rows + none,
        "findings": [
            finding(
                attribute="team",
                verdict="no_verdict",
                group=HOSTILE,
                says=f"{UNSETTLED} {HOSTILE} has 3 of 41.",
                next="Take a longer period or more requisitions.",
                evidence={HOSTILE: ["</details>", None, True, 7, 0.7999999999, {}, []]},
            )
        ],
        "verdict": {
            "state": "no_verdict",
            "reviews_open": 0,
            "exit_code": 4,
            "says": f"{UNSETTLED} Test data, not decisions about people.",
        },
    }
    return result(document)


def result(document: dict[str, Any]) -> AuditResult:
    """Go through the JSON, as a stored result does."""
    return AuditResult.from_json(json.dumps(document), "sample")


SAMPLES = {"failing": failing, "passing": passing, "unsettled": unsettled}
