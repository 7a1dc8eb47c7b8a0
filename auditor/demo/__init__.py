"""A messy, synthetic export with a known cause of its gap, and the model that scored it."""

from auditor.demo.files import SEED, DemoFiles, features_for, write_demo
from auditor.demo.generator import FEATURES

__all__ = ["FEATURES", "SEED", "DemoFiles", "features_for", "write_demo"]
