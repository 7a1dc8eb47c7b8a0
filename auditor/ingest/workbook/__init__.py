"""Workbooks: their sheets scanned as they are stored, then read as a table."""
