"""From a filled worksheet to drafts: first judgements a case, reviews a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from auditor.errors import Problem, UsageError, Where
from auditor.review.departing import words_needed
from auditor.review.worksheet.checking import CheckedRows, FilledRow, checked_rows

if TYPE_CHECKING:
    pass
