"""Sufficient statistics: integer counts and score profiles; everything above reads only these."""

from auditor.cube.build import build_cube, build_profiles
from auditor.cube.cube import Axis, Cube, GroupTable
from auditor.cube.profiles import ScoreProfile

__all__ = ["Axis", "Cube", "GroupTable", "ScoreProfile", "build_cube", "build_profiles"]
