"""An export as one relation in DuckDB: its columns, rows, duplicates and lines."""
