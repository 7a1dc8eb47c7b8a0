"""Examples of a policy in the words of the copy to sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.policy import RecordExample, RowExample
from auditor.report.words import attribute_label, group_label, plain
from auditor.rules.decision_rights import TAKER_WORDS
from auditor.rules.filled import number_text

if TYPE_CHECKING:
    from fractions import Fraction

    from auditor.policy import Example, TableExample


def example_words(example: Example) -> str:
    """Say what an example holds, and what is expected of it."""
    if isinstance(example, RowExample):
        return " ".join(_row(example))
    if isinstance(example, RecordExample):
        return " ".join(_record(example))
    return " ".join(_table(example))


def _table(example: TableExample) -> Iterator[str]:
    groups = ", ".join(
        f"{group_label(group)} {favorable:,} of {considered:,}"
        for group, (considered, favorable) in example.counts.items()
    )
    yield f"Favorable by {attribute_label(example.attribute)}: {groups}."
    if example.means:
        means = (f"{group_label(name)} {_number(mean)}" for name, mean in example.means.items())
        yield f"Means: {', '.join(means)}."
    if example.within:
        inside = ", ".join(f"{name} {level}" for name, level in example.within.items())
        yield f"All of them in {inside}."
    if example.decision_kind:
        who = TAKER_WORDS[example.taken_by] if example.taken_by else "nobody on record"
        yield f"Decisions of the kind {plain(example.decision_kind)}, taken by {who}."
    if example.left_out is not None:
        groups = ", ".join(group_label(name) for name in example.left_out)
        yield f"Listed without a ratio: {groups or 'no group'}."
    yield f"{'; '.join(f'{rule}: {plain(state)}' for rule, state in example.expect.items())}."


def _record(example: RecordExample) -> Iterator[str]:
    if example.record is None:
        yield f"No system record, on {example.as_of}."
    else:
        said = [plain(key) for key in example.record if key != "system"]
        yield f"On {example.as_of} a record says: {', '.join(said) or 'which system it is'}."
    if example.versions is not None:
        yield f"Decided by version {', '.join(v or 'missing' for v in example.versions)}."
    yield f"{'; '.join(f'{rule}: {plain(state)}' for rule, state in example.expect.items())}."


def _row(example: RowExample) -> Iterator[str]:
    said = [f"outcome {plain(example.outcome.value)}"]
    said += [f"{name} {_number(value)}" for name, value in example.values.items()]
    said += [f"model version {version or 'missing'}" for version in example.versions]
    if example.cut_score is not None:
        said.append(f"cut score {_number(example.cut_score)}")
    if example.scale is not None:
        low, high = example.scale
        said.append(f"scale from {_number(low)} to {_number(high)}")
    if example.decision_kind:
        who = TAKER_WORDS[example.taken_by] if example.taken_by else "nobody on record"
        said.append(f"kind {plain(example.decision_kind)}, taken by {who}")
    yield f"A decision: {', '.join(said)}."
    if example.expect:
        yield f"Looked at under {', '.join(example.expect)}."
    else:
        yield "No review looks at it."


def _number(value: Fraction | None) -> str:
    return "missing" if value is None else str(number_text(value))
