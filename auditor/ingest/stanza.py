"""Parts of a profile as text to paste."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from auditor.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from auditor.ingest.profile.model import ValueMap

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*")
_LONGEST = 200


def stanza(values: ValueMap, name: str, unlisted: Sequence[str], *, group: bool) -> str:
    """Entry of a column as it stands in the profile, with the values that it does not list yet.

    They stand in a comment, because nobody but the reader knows what they mean; only where a value
    has one possible place, under ``unknown``, it stands there.

    Examples
    --------
    >>> from auditor.ingest.profile.model import ValueMap
    >>> values = ValueMap(column="hired", values={"positive": ()})
    >>> print(stanza(values, "label", ["?"], group=False))
    label:
      column: hired
      positive: []
      # not listed yet: ["?"]
    """
    targets = {label: [value.text for value in listed] for label, listed in values.values.items()}
    lines = [f"{scalar(name)}:", f"  column: {scalar(values.column)}"]
    unknown = targets.pop(UNKNOWN, []) if group else []
    if group and values.as_is:
        lines.append("  values: as-is")
        unknown = [*unknown, *unlisted]
    elif group:
        lines.append("  values:")
        lines += [f"    {scalar(label)}: {flow(texts)}" for label, texts in targets.items()]
    else:
        lines += [f"  {label}: {flow(texts)}" for label, texts in targets.items()]
    if group:
        lines.append(f"  unknown: {flow(unknown)}")
    if not (group and values.as_is):
        lines.append(f"  # not listed yet: {flow(unlisted)}")
    return "\n".join(lines)


def flow(texts: Sequence[str]) -> str:
    """List of texts in YAML; a text of a hundred words is no value and is left out.

    Examples
    --------
    >>> flow(["On hold", "", "50%", "no"])
    '[On hold, "", "50%", no]'
    """
    return f"[{', '.join(scalar(text) for text in texts if len(text) <= _LONGEST)}]"


def scalar(text: str) -> str:
    """Text as a YAML scalar whose source text it is; in quotes unless it is plain words."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
