"""Frames in memory: pandas, Polars and Arrow through one door."""
