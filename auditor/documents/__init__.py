"""YAML files that people write: plain data, and a place for every value."""

from auditor.documents.document import Document, NumberText, PathKey, shown
from auditor.documents.formats import wrong_format
from auditor.documents.hints import did_you_mean
from auditor.documents.problems import check, problems_of
from auditor.documents.reading import parse_document, read_document
from auditor.documents.scalars import (
    DateText,
    FractionText,
    Id,
    Listed,
    Text,
    Written,
    no_repeats,
    to_fraction,
)

__all__ = [
    "DateText",
    "Document",
    "FractionText",
    "Id",
    "Listed",
    "NumberText",
    "PathKey",
    "Text",
    "Written",
    "check",
    "did_you_mean",
    "no_repeats",
    "parse_document",
    "problems_of",
    "read_document",
    "shown",
    "to_fraction",
    "wrong_format",
]
