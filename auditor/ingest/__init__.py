"""Exports of decisions, from files, frames and counts, read as their profile says."""

from auditor.ingest.group_counts import GroupCounts, counts
from auditor.ingest.profile.keywords import profile_of
from auditor.ingest.profile.load import load_profile
from auditor.ingest.profile.model import Profile
from auditor.ingest.reading import read

__all__ = ["GroupCounts", "Profile", "counts", "load_profile", "profile_of", "read"]
