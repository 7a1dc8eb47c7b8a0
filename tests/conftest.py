from __future__ import annotations

import os

from hypothesis import settings

# The same examples on every run, so that red means a changed file; `make trust` draws new ones.
settings.register_profile("steady", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("wide", derandomize=False, deadline=None, max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
