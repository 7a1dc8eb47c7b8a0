"""A messy, synthetic export with a known cause of its gap, and the model that scored it."""

from auditor.demo.auditing import POLICIES, audit_demo
from auditor.demo.files import SEED, DemoFiles, write_demo
from auditor.demo.generator import FEATURES

__all__ = [
    "FEATURES",
    "POLICIES",
    "SEED",
    "DemoFiles",
    "audit_demo",
    "write_demo",
]
