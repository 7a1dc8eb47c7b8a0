from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from auditor.errors import ModelError
from auditor.explain.attributions import Attributions
from auditor.explain.families import Family, recognise
from auditor.explain.fit import check_matrix, check_names, foreign_code, model_output

if TYPE_CHECKING:
    from auditor.vocabulary import FloatArray, IntArray

TOLERANCE = 1e-6
"""Allowed additivity error, as a share of the largest absolute output (at least 1)."""

# shap's C code draws a progress bar on the terminal once a call lasts ten seconds.
CALL_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explainer:
    """A model and its background, ready to explain rows again and again in the same way."""

    family: Family
    names: tuple[str, ...]
    shap: Any
    base: float
    method: str
    background: str
    background_rows: int
    notes: tuple[str, ...]
    range: tuple[FloatArray, FloatArray] | None = None

    def explain(self, matrix: FloatArray, lines: IntArray | None = None) -> Attributions:
        """Attributions of the rows of ``matrix`` that ``lines`` names; of all when None.

        Parameters
        ----------
        matrix : float64 array, shape (n, f)
        lines : int64 array of row positions in ``matrix``

        Raises
        ------
        ModelError
            ``features-shape``, ``feature-infinite``, ``feature-missing-value`` or
            ``model-output``; ``attributions-off`` when the values of any row do not add up to
            the model's own output to within ``TOLERANCE``.
        """
        chosen = np.arange(len(matrix)) if lines is None else np.asarray(lines, dtype=np.int64)
        rows = np.ascontiguousarray(np.asarray(matrix, dtype=np.float64)[chosen])
        check_matrix(self.family, rows, self.names)
        outputs = model_output(self.family, rows)
        values = self._values(rows)
        off = np.abs(self.base + values.sum(axis=1) - outputs)
        _assert_additive(off, outputs, self)
        return Attributions(
            names=self.names,
            values=values,
            inputs=rows,
            outputs=outputs,
            lines=chosen.astype(np.int64),
            base=self.base,
            unit=self.family.unit,
            explains=self.family.explains,
            method=self.method,
            background=self.background,
            background_rows=self.background_rows,
            additivity=float(off.max(initial=0.0)),
            background_range=self.range,
            notes=self.notes,
        )

    def _values(self, rows: FloatArray) -> FloatArray:
        parts = [np.empty((0, len(self.names)), dtype=np.float64)]
        start, size = 0, 16
        while start < len(rows):
            clock = time.perf_counter()
            parts.append(self._call(rows[start : start + size]))
            start += size
            pace = size / max(time.perf_counter() - clock, 1e-6)
            size = max(1, min(8 * size, int(pace * CALL_SECONDS)))
        return np.concatenate(parts)

    def _call(self, rows: FloatArray) -> FloatArray:
        # Our own check of each row, against the model itself, is stricter than shap's.
        options = {} if self.family.kind == "linear" else {"check_additivity": False}
        with foreign_code(f"shap cannot explain the {self.family.name}"):
            values = self.shap.shap_values(rows, **options)
        values = np.asarray(values, dtype=np.float64)
        chosen: FloatArray = values[:, :, 1] if self.family.class_axis else values
        return chosen


def explain_model(
    model: Any,
    matrix: FloatArray,
    names: Sequence[str],
    *,
    background: FloatArray | None = None,
    lines: IntArray | None = None,
    better: Literal["high", "low"] = "high",
) -> Attributions:
    """SHAP attributions of a fitted scikit-learn tree ensemble or linear model.

    A Shapley value is a feature's mean contribution over all orders of adding the features,
    where features not yet added take their values from the background.

    Parameters
    ----------
    model : fitted scikit-learn model, two classes or one number
    matrix : float64 array, shape (n, f)
        What the model is given; NaN only where the model takes it.
    names : f feature names, in the model's order
    background : float64 array, shape (b, f), or None
        Rows that stand for "the others"; all of them are used (interventional values; cost grows
        with ``b``). None: for trees the training rows counted in the trees (path-dependent
        values), for linear models all rows of ``matrix``.
    lines : int64 array, rows of ``matrix`` to explain; all when None
    better : which end of the output is good for the person; stated in the notes, nothing is turned

    Returns
    -------
    Attributions
        In log-odds for boosting and logistic regression, as probability for single trees and
        forests, else in the model's own output; see ``unit``.

    Raises
    ------
    ModelError
        When the model is not supported or not fitted, the features do not fit it, or the
        attributions do not add up to the model's own output.

    References
    ----------
    .. [1] S. M. Lundberg et al., "From local explanations to global understanding with explainable
           AI for trees", Nature Machine Intelligence 2 (2020), 56-67.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> x = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 5.0]])
    >>> model = LinearRegression().fit(x, 3 * x[:, 0] - x[:, 1])
    >>> explain_model(model, x, ["a", "b"]).values[0].round(9).tolist()
    [-3.0, 1.0]
    """
    explainer = prepare(model, matrix, names, background=background, better=better)
    return explainer.explain(matrix, lines)


def prepare(
    model: Any,
    matrix: FloatArray,
    names: Sequence[str],
    *,
    background: FloatArray | None = None,
    better: Literal["high", "low"] = "high",
) -> Explainer:
    """Explainer of a model with a fixed background; parameters as in ``explain_model``.

    ``matrix`` is read here only as the background of a linear model when none is given, so two
    calls of ``Explainer.explain`` speak about the same background.

    Raises
    ------
    ModelError
        As ``explain_model``; ``background-empty`` when the background has no rows.
    """
    import shap

    family = recognise(model)
    chosen = tuple(names)
    check_names(family, chosen)
    notes = [f"Values explain the {family.explains}."]
    if better == "low":
        notes.append("A low score is the favorable one; the signs are the model's own, not turned.")
    if background is None and family.kind == "tree":
        with foreign_code(f"shap cannot explain the {family.name}"):
            tree = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
        return Explainer(
            family=family,
            names=chosen,
            shap=tree,
            base=_base(tree, family),
            method="shap TreeExplainer, path-dependent",
            background="training rows counted in the trees",
            background_rows=_training_rows(model),
            notes=tuple(notes),
        )
    given = background is not None
    rows = np.ascontiguousarray(background if given else matrix, dtype=np.float64)
    if len(rows) == 0:
        raise ModelError(
            "the background has no rows",
            slug="background-empty",
            hint="give rows that stand for the people compared with",
        )
    check_matrix(family, rows, chosen)
    # In one order: the mean of the background must not depend on how an export is sorted.
    rows = rows[np.lexsort(rows.T)]
    # A bare array, or a masker without max_samples, is cut to 100 rows without a word.
    masker = shap.maskers.Independent(rows, max_samples=len(rows))
    with foreign_code(f"shap cannot explain the {family.name}"):
        if family.kind == "tree":
            explainer = shap.TreeExplainer(
                model, data=masker, feature_perturbation="interventional"
            )
            used = explainer.data
        else:
            explainer = shap.LinearExplainer(_coefficients(model), masker)
            used = explainer.masker.data
    result = Explainer(
        family=family,
        names=chosen,
        shap=explainer,
        base=_base(explainer, family),
        method=f"shap {'Tree' if family.kind == 'tree' else 'Linear'}Explainer, interventional",
        background="rows given as background" if given else "all rows given to the model",
        background_rows=len(used),
        notes=tuple(notes),
        range=(np.fmin.reduce(rows), np.fmax.reduce(rows)) if given else None,
    )
    _assert_background(result, rows)
    return result


def _coefficients(model: Any) -> tuple[FloatArray, float]:
    coefficients = model.coef_
    if hasattr(coefficients, "toarray"):
        coefficients = coefficients.toarray()
    return np.ravel(coefficients).astype(np.float64), float(np.ravel(model.intercept_)[0])


def _base(explainer: Any, family: Family) -> float:
    return float(np.ravel(explainer.expected_value)[1 if family.class_axis else 0])


def _training_rows(model: Any) -> int:
    """Rows that the largest tree was grown on (bootstrap draws count each row once)."""
    if hasattr(model, "_predictors"):
        return int(max(p.nodes["count"][0] for step in model._predictors for p in step))
    trees = np.ravel(getattr(model, "estimators_", [model]))
    return int(max(tree.tree_.n_node_samples[0] for tree in trees))


def _allowed(*outputs: FloatArray | float) -> float:
    largest = max(float(np.abs(np.asarray(part)).max(initial=0.0)) for part in outputs)
    return TOLERANCE * max(1.0, largest)


def _assert_additive(off: FloatArray, outputs: FloatArray, explainer: Explainer) -> None:
    allowed = _allowed(outputs, explainer.base)
    wrong = int(np.count_nonzero(~(off <= allowed)))
    if not wrong:
        return
    hint = "the values are withheld; please report the kind of model and its settings"
    if "TreeExplainer, interventional" in explainer.method:
        hint = "explain without a background: the counts in the trees then stand for it"
    raise ModelError(
        f"the attributions of {wrong} of {len(off)} rows do not add up to the model's output "
        f"(off by up to {float(off.max()):.3g}, allowed {allowed:.1g})",
        slug="attributions-off",
        hint=hint,
    )


def _assert_background(explainer: Explainer, rows: FloatArray) -> None:
    outputs = model_output(explainer.family, rows)
    off = abs(explainer.base - float(outputs.mean()))
    if explainer.background_rows == len(rows) and off <= _allowed(outputs):
        return
    raise ModelError(
        f"the attributions start {off:.3g} away from the mean output of the {len(rows)} background "
        f"rows ({explainer.background_rows} were used)",
        slug="attributions-off",
        hint="the values are withheld; explain without a background",
    )
