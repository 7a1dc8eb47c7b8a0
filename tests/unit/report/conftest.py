from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parents[2] / "golden"


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """The module that builds results to render."""
    spec = importlib.util.spec_from_file_location("report_samples", HERE / "sample.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
