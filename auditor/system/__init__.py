"""System records: what has to be on record about a model before anybody relies on it."""

from auditor.system.entries import ASKS, LEAVES, PATHS, below, only, since, time_of, ways_to
from auditor.system.load import load_system
from auditor.system.record import SystemRecord, record_of
from auditor.system.schema import FORMAT, RecordBody, SystemFile

__all__ = [
    "ASKS",
    "FORMAT",
    "LEAVES",
    "PATHS",
    "RecordBody",
    "SystemFile",
    "SystemRecord",
    "below",
    "load_system",
    "only",
    "record_of",
    "since",
    "time_of",
    "ways_to",
]
