"""Whether features fit a model: names, shape, missing and infinite values, its output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from auditor.errors import ModelError, Problem

if TYPE_CHECKING:
    from auditor.explain.families import Family
    from auditor.vocabulary import FloatArray


@contextmanager
def foreign_code(problem: str) -> Iterator[None]:
    """Run code that is not ours: whatever it raises is a refusal that says ``problem``.

    Raises
    ------
    ModelError
        ``model-raises``.
    """
    try:
        yield
    except Exception as cause:
        raise ModelError(
            f"{problem}: it stops with a {type(cause).__name__}",
            slug="model-raises",
            hint="try the model on these features outside the audit first",
        ) from cause


def model_output(family: Family, rows: FloatArray) -> FloatArray:
    """Output of the model for these rows; refused when it is no finite number.

    Raises
    ------
    ModelError
        ``model-output``.
    """
    with foreign_code(f"the {family.name} gives no output for these features"):
        outputs = family.output(rows)
    bad = int(np.count_nonzero(~np.isfinite(outputs)))
    if bad:
        raise ModelError(
            f"the {family.name} gives no finite output for {bad:,} of {_rows(len(rows))}",
            slug="model-output",
            hint="check the model on these features outside the audit first",
        )
    return outputs


def check_matrix(family: Family, matrix: FloatArray, names: Sequence[str]) -> None:
    """Whether these rows can be given to the model; all problems at once.

    Raises
    ------
    ModelError
        ``features-shape``, ``feature-infinite`` or ``feature-missing-value``.
    """
    if matrix.ndim != 2 or matrix.shape[1] != len(names):
        raise ModelError(
            f"the feature matrix has shape {matrix.shape}, but {len(names)} features are named",
            slug="features-shape",
            hint="one row a decision, one column a feature",
        )
    problems = []
    for place, name in enumerate(names):
        infinite = int(np.count_nonzero(np.isinf(matrix[:, place])))
        missing = int(np.count_nonzero(np.isnan(matrix[:, place])))
        if infinite:
            problems.append(
                Problem(
                    message=f"feature {name!r} is infinite in {_rows(infinite)}",
                    slug="feature-infinite",
                    hint="correct the export or leave the feature out",
                )
            )
        if missing and not family.takes_missing:
            problems.append(
                Problem(
                    message=f"feature {name!r} is missing in {_rows(missing)}, and a "
                    f"{family.name} takes no missing values",
                    slug="feature-missing-value",
                    hint="give the features as the model was given them, filled in the same way",
                )
            )
    if problems:
        raise ModelError.of(problems)


def _rows(n: int) -> str:
    return f"{n:,} {'row' if n == 1 else 'rows'}"


def check_names(family: Family, names: tuple[str, ...]) -> None:
    """Whether these are the features the model was fitted on, in its order.

    Raises
    ------
    ModelError
        ``features-differ``.
    """
    expected = int(family.model.n_features_in_)
    fitted = getattr(family.model, "feature_names_in_", None)
    wanted = None if fitted is None else tuple(str(name) for name in fitted)
    if wanted == names or (wanted is None and expected == len(names)):
        return
    if wanted is None:
        raise ModelError(
            f"{len(names)} features are named, but the {family.name} was fitted on {expected}",
            slug="features-differ",
            hint="name the features the model was fitted on, in its order",
        )
    absent = [name for name in wanted if name not in names]
    extra = [name for name in names if name not in wanted]
    parts = []
    if absent:
        parts.append(f"not given: {', '.join(absent)}")
    if extra:
        parts.append(f"unknown to it: {', '.join(extra)}")
    raise ModelError(
        f"the features are not those the {family.name} was fitted on "
        f"({'; '.join(parts) or 'same names, other order'})",
        slug="features-differ",
        hint=f"its features, in order: {', '.join(wanted)}",
    )
