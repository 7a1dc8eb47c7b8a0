"""How to mend what is refused, for messages that say no more than what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

MENDING: Mapping[str, str] = {
    "ambiguous-value": "Two values of the profile match this one; keep the one that is meant.",
    "bad-count": "A count is a whole number of people, 0 or more, in every row.",
    "bad-scale": "Write the lowest and the highest score that the model can give.",
    "bad-value": "The message names the key, what may stand there, and what was found.",
    "dates-out-of-order": "The next review lies before the last check; correct one of the two.",
    "empty-value": "Write the text, or leave the key out where it is optional.",
    "gate-failed": "Read the findings: each names the rule, the text it rests on and what to do.",
    "ledger-long-unanchored": "Make a checkpoint with `auditor ledger checkpoint` and keep it "
    "outside of the ledger, where nobody who writes the ledger can change it.",
    "ledger-salvaged": "Look for what is missing behind the salvage, have it said again, then let "
    "somebody with the role `checkpoint` make one with `auditor ledger checkpoint`.",
    "listed-twice": "Delete one of the two.",
    "loosens-parent": "Write what the parent says, or something stricter: a policy that extends "
    "another may tighten it, never loosen it.",
    "missing-column": "The hint names the nearest columns of the export; correct the profile.",
    "missing-key": "Write the key: [profiles](profiles.md), [system records](system.md) and "
    "`policies/README.md` list them.",
    "no-column-names": "Add a first line with the names of the columns to the export.",
    "rows-cut-off": "Export as CSV or Parquet, or confirm the number with expected_rows.",
    "rows-not-expected": "Export again, or correct expected_rows in the profile.",
    "no-verdict": "The result says what is open, and about how many people would settle it.",
    "not-finite": "Export the score as a number, or leave the cell empty where there is none.",
    "out-of-range": "Choose a value inside the range that the message names.",
    "reserved-attribute": "Give the attribute another name in the profile.",
    "reserved-group": "Map the value to another name in the profile, or list it as unknown.",
    "reviews-open": "Look at the decisions in `flags.csv` that are marked as mandatory.",
    "unknown-key": "The hint names the nearest key: [profiles](profiles.md), "
    "[system records](system.md) and `policies/README.md` list all.",
    "unmapped-value": "The hint holds lines to paste into the profile; say what each value means.",
    "yaml-empty": "Write the file, or check that the right one was named.",
    "yaml-not-a-mapping": "The file starts with keys and values, such as `auditor: policy/1`.",
    "yaml-too-large": "No file that a person writes for auditor is that large; check it.",
}
