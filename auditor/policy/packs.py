from __future__ import annotations

from pathlib import Path

from auditor.documents import did_you_mean
from auditor.errors import PolicyError

_PACKAGE = Path(__file__).parents[1]


def packs_root() -> Path:
    """Folder of the shipped packs: inside an installed wheel, else beside the package.

    An editable install leaves a copy of the packs in site-packages that is stale from the next
    edit on; only the folder of the package that runs is looked at, never ``sys.path``.
    """
    installed = _PACKAGE / "_policies"
    return installed if installed.is_dir() else _PACKAGE.parent / "policies"


def pack_names() -> tuple[str, ...]:
    """Names of the shipped packs, sorted."""
    return tuple(sorted(path.stem for path in packs_root().glob("*.yaml")))


def pack_path(name: str) -> Path:
    """File of a shipped pack.

    Raises
    ------
    PolicyError
        When there is no pack of that name; the hint gives the nearest or all names.
    """
    names = pack_names()
    if name not in names:
        raise PolicyError(
            f"there is no policy pack {name!r}",
            slug="unknown-pack",
            hint=f"{did_you_mean(name, names)} A file of your own is named with its path: "
            f"./{name}.yaml",
        )
    return packs_root() / f"{name}.yaml"
