from __future__ import annotations

from pathlib import Path

from auditor.demo.files import SEED, DemoFiles, write_demo
from auditor.run import Audit, audit

POLICIES = ("us-adverse-impact", "professional-practice")


def audit_demo(directory: Path, *, seed: int = SEED) -> tuple[DemoFiles, Audit]:
    """Write the synthetic export, audit it with the model that scored it, and save the result.

    The key of the demo's flags lies in the demo's own directory: the demo leaves nothing behind
    elsewhere.

    Raises
    ------
    PathError, UsageError
        When the directory cannot be written, or holds a result that an audit did not make.
    """
    files = write_demo(directory, seed=seed)
    made = audit(
        files.export,
        POLICIES,
        profile=files.profile,
        system=files.system,
        model=files.model,
        features=files.features,
        seed=seed,
        key=directory / "key",
    )
    made.save(directory / "result")
    return files, made
