"""Parquet files: their schema checked before a cell is read."""
