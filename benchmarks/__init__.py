"""Whole runs and hot functions, timed side by side with peers; `run.py` is the way in."""
