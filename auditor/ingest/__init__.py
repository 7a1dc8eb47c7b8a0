"""Exports of decisions, from files, frames and counts, read as their profile says."""

from auditor.ingest.group_counts import GroupCounts, counts
from auditor.ingest.profile import Profile
from auditor.ingest.profile_keywords import profile_of
from auditor.ingest.profile_load import load_profile
from auditor.ingest.reading import read

__all__ = ["GroupCounts", "Profile", "counts", "load_profile", "profile_of", "read"]
