"""Delimited text: its dialect found and stated, its lines read, their problems named."""
