"""Invites that were used, remembered for good: a link works once, also after a restart."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from auditor.errors import PathError, Where
from auditor.signing.files import reason


@dataclass(frozen=True, slots=True)
class Burned:
    """A folder with an empty file for each invite that was used; its name holds only a digest."""

    folder: Path

    def __call__(self, nonce: str, expires: datetime) -> bool:
        """Use an invite up; False where it was used before.

        Raises
        ------
        PathError
            When it cannot be remembered; then nobody is let in.
        """
        digest = hashlib.sha256(nonce.encode()).hexdigest()
        place = self.folder / f"{int(expires.timestamp())}-{digest}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # O_EXCL: of two who come at once, one is let in, also in another process
            os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return False
        except OSError as cause:
            raise PathError(
                f"a used invite cannot be remembered: {reason(cause)}",
                slug="path-unwritable",
                where=Where(str(self.folder)),
                hint="let this user write below $XDG_STATE_HOME",
            ) from None
        return True

    def forget(self, now: datetime) -> None:
        """Forget invites that could not be used any more in any case."""
        with suppress(OSError):
            for place in self.folder.iterdir():
                until = place.name.partition("-")[0]
                if until.isdigit() and int(until) + 86_400 < now.timestamp():
                    place.unlink(missing_ok=True)


def state_folder() -> Path:
    """Where this user's programs keep what they remember."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "auditor" / "used-invites"
