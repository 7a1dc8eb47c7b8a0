"""The machine and its mood: versions, memory of this process, and a loop that never changes."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("auditor", "numpy", "scipy", "pandas", "pyarrow", "narwhals", "duckdb", "fairlearn")
STEERING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Settings that would make OpenBLAS run as on another processor."""

_MB = 1_000_000
_LOOP = 400_000


def plain_environment() -> dict[str, str]:
    """Environment of a measured process."""
    return {name: value for name, value in os.environ.items() if name not in STEERING}


def calibration() -> tuple[float, float]:
    """Wall and CPU seconds of a fixed loop: what changes is the machine, not the work."""
    wall, cpu = time.perf_counter(), time.process_time()
    total = 0
    for i in range(_LOOP):
        total += i * i % 7
    return time.perf_counter() - wall, time.process_time() - cpu


def peak_mb() -> float:
    """Largest resident memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / _MB


def forget_peak() -> float | None:
    """Start the peak anew; return the memory resident now, None where a system cannot do this."""
    if pyarrow := sys.modules.get("pyarrow"):
        # what is kept for later would hide what is taken from it
        pyarrow.default_memory_pool().release_unused()
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return None
    return peak_mb()


def kernels() -> str:
    """Which kernels OpenBLAS picked for this processor."""
    import numpy  # noqa: F401 - loads its library
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_info

    found = {f"{i['internal_api']} {i.get('architecture')}" for i in threadpool_info()}
    return ", ".join(sorted(name for name in found if name.startswith("openblas")))


def described() -> list[str]:
    """Processor, memory and versions, one line each."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    found = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"{_processor()}, {os.cpu_count()} cores, {pages:.0f} GiB, {platform.system()}",
        f"Python {platform.python_version()}, {found}",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
