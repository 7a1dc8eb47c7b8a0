"""The pages of ``docs/`` that come from code."""
