"""What a call says about the features of its model: names of columns, or a frame of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ModelError, UsageError

if TYPE_CHECKING:
    from auditor.ingest import Profile
    from auditor.vocabulary import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Given:
    """The export and its profile with everything that the features add to them.

    ``names`` maps the columns of the features to the names that the model knows them by; empty
    when the call names none, and the profile's features are the model's.
    """

    data: Any
    profile: Profile
    names: Mapping[str, str] = field(default_factory=dict)

    def of_model(self, columns: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Columns that the model reads, in its order and by its names."""
        names = self.names or {name: name for name in columns}
        return {name: columns[column] for column, name in names.items()}

    def inputs(self, telling: Mapping[str, Collection[str]]) -> dict[str, Collection[str]]:
        """Features by the names that people know, and the protected attributes that each tells."""
        return {self.names.get(name, name): telling.get(name, ()) for name in self.profile.features}

    def shown(self, columns: Iterable[str]) -> frozenset[str]:
        """Names of columns as the model and people know them."""
        return frozenset(self.names.get(column, column) for column in columns)


def with_features(data: Any, profile: Profile, features: Any, *, model: Any) -> Given:
    """Put the features of a call beside the columns of the export, to be read with them.

    So a row is left out, a missing value flagged and the input's checksum made in the same way,
    whether the features stand in the export or in a frame of their own.

    Raises
    ------
    UsageError
        When features are given as a frame without a model, or for an export that is no frame.
    ModelError
        When a name occurs twice, or the frame holds anything but numbers, or other rows than the
        export.
    """
    from auditor.ingest import GroupCounts

    if model is not None and isinstance(data, GroupCounts):
        raise UsageError(
            "a model was given, but counts hold no single decisions to explain",
            slug="model-without-decisions",
            hint="give the decisions themselves, as a file or a frame",
        )
    if features is None:
        return Given(data=data, profile=profile)
    names = _names(features)
    if names is not None:
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            raise ModelError(
                f"the features name {', '.join(map(repr, twice))} more than once",
                slug="feature-twice",
                hint="name every feature once, in the model's order",
            )
        return Given(data=data, profile=_reading(profile, names), names={n: n for n in names})
    if model is None:
        raise UsageError(
            "features are given as a frame, but no model that reads them",
            slug="features-without-model",
            hint="give the model as well, or name columns of the export",
        )
    if isinstance(data, str | Path):
        raise UsageError(
            "features are given as a frame, but the export is a file: nothing says that their "
            "rows are the same",
            slug="features-without-frame",
            hint="name columns of the file with features=[...], or give the export as a frame",
        )
    return _beside(data, profile, features)


def _names(features: Any) -> tuple[str, ...] | None:
    """Names of columns, or None for anything else."""
    if isinstance(features, str):
        return (features,)
    if isinstance(features, Mapping) or hasattr(features, "columns"):
        return None
    names = tuple(features) if isinstance(features, Iterable) else (features,)
    return names if all(isinstance(name, str) for name in names) else None


def _reading(profile: Profile, names: Iterable[str]) -> Profile:
    return replace(profile, features=tuple(dict.fromkeys((*profile.features, *names))))


def _beside(data: Any, profile: Profile, features: Any) -> Given:
    import narwhals as nw

    from auditor.explain import from_frame

    try:
        frame = nw.maybe_reset_index(nw.from_native(data, eager_only=True))
    except (TypeError, nw.exceptions.DuplicateError):
        return Given(data=data, profile=profile)  # the reader says what is wrong with it
    found = from_frame(features, like=data)
    taken = {str(name) for name in frame.columns}
    # a column of the export that plays a part keeps its name; any other one gives way
    ours = {name: f"{name} (feature)" if name in profile.columns else name for name in found.names}
    frame = frame.rename(
        {name: f"{name} (export)" for name in ours.values() if name in taken}
    ).with_columns(
        nw.new_series(ours[name], column, nw.Float64, backend=frame.implementation)
        for name, column in zip(found.names, found.matrix.T, strict=True)
    )
    return Given(
        data=frame.to_native(),
        profile=_reading(profile, ours.values()),
        names={column: name for name, column in ours.items()},
    )
