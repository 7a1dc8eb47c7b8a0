from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from auditor.errors import ModelError

if TYPE_CHECKING:
    from auditor.explain.attributions import Unit
    from auditor.vocabulary import FloatArray

SUPPORTED = (
    "supported are scikit-learn's decision trees, random forests, extra trees, gradient boosting, "
    "histogram gradient boosting and linear models, for two classes or a number"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """A fitted model, and how its output is asked for and explained.

    ``class_axis`` says that shap's values have one slice a class; ``takes_missing`` that the
    model itself accepts NaN.
    """

    model: Any
    kind: Literal["tree", "linear"]
    unit: Unit
    explains: str
    class_axis: bool
    takes_missing: bool

    @property
    def name(self) -> str:
        """Class name of the model."""
        return type(self.model).__name__

    def output(self, matrix: FloatArray) -> FloatArray:
        """Ask the model for its output in ``unit``, shape (n,); of the second of two classes."""
        if len(matrix) == 0:
            return np.empty(0, dtype=np.float64)
        data = as_model_takes(self.model, matrix)
        if self.unit == "probability":
            values = self.model.predict_proba(data)[:, 1]
        elif self.unit in ("log-odds", "score"):
            values = self.model.decision_function(data)
        else:
            values = self.model.predict(data)
        values = np.asarray(values, dtype=np.float64).ravel()
        return np.log(values) if self.unit == "log of the model output" else values


def as_model_takes(model: Any, matrix: FloatArray) -> Any:
    """Give the matrix as it is, or as a frame with the names the model was fitted with."""
    names = getattr(model, "feature_names_in_", None)
    if names is None:
        return matrix
    import pandas as pd

    return pd.DataFrame(matrix, columns=list(names))


def recognise(model: Any) -> Family:
    """Tell what kind of model this is, and whether its attributions can be relied on.

    Raises
    ------
    ModelError
        ``model-not-supported``, ``model-not-fitted``, ``model-not-binary``,
        ``model-several-outputs``, ``model-categorical`` or ``model-settings``.
    """
    kind = _kind(model)
    _fitted(model)
    _one_output(model)
    _settings(model)
    unit = _unit(model, kind)
    classes = getattr(model, "classes_", None)
    speaks = f"{unit} predicted by {type(model).__name__}"
    if classes is not None:
        speaks = f"{unit} of class {classes[1]!s} (the second of the model's classes)"
    return Family(
        model=model,
        kind=kind,
        unit=unit,
        explains=speaks,
        class_axis=unit == "probability",
        takes_missing=bool(model.__sklearn_tags__().input_tags.allow_nan),
    )


def _kind(model: Any) -> Literal["tree", "linear"]:
    from sklearn import ensemble, tree
    from sklearn.base import is_classifier, is_regressor
    from sklearn.linear_model import (
        GammaRegressor,
        PoissonRegressor,
        RANSACRegressor,
        TweedieRegressor,
    )

    trees = (
        tree.DecisionTreeClassifier,
        tree.DecisionTreeRegressor,
        ensemble.RandomForestClassifier,
        ensemble.RandomForestRegressor,
        ensemble.ExtraTreesClassifier,
        ensemble.ExtraTreesRegressor,
        ensemble.GradientBoostingClassifier,
        ensemble.GradientBoostingRegressor,
        ensemble.HistGradientBoostingClassifier,
        ensemble.HistGradientBoostingRegressor,
    )
    if isinstance(model, trees):
        return "tree"
    # These three predict through a link function, RANSAC through another estimator: none of them
    # is its own coefficients.
    others = (GammaRegressor, PoissonRegressor, TweedieRegressor, RANSACRegressor)
    home = any(c.__module__.startswith("sklearn.linear_model") for c in type(model).__mro__)
    if home and not isinstance(model, others) and (is_classifier(model) or is_regressor(model)):
        return "linear"
    hint = SUPPORTED
    if hasattr(model, "steps"):
        hint = f"give the last step of the pipeline and the columns that reach it; {SUPPORTED}"
    elif isinstance(model, type):
        hint = f"give a fitted model, not the class; {SUPPORTED}"
    name = model.__name__ if isinstance(model, type) else type(model).__name__
    raise ModelError(
        f"a model of the kind {name} cannot be explained", slug="model-not-supported", hint=hint
    )


def _fitted(model: Any) -> None:
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(model)
    except NotFittedError as error:
        raise ModelError(
            f"the {type(model).__name__} is not fitted",
            slug="model-not-fitted",
            hint="call its fit method first, or give the fitted model",
        ) from error


def _one_output(model: Any) -> None:
    coefficients = getattr(model, "coef_", None)
    rows = coefficients.shape[0] if coefficients is not None and coefficients.ndim == 2 else 1
    classes = getattr(model, "classes_", None)
    if getattr(model, "n_outputs_", 1) > 1 or (rows > 1 and classes is None):
        outputs = max(getattr(model, "n_outputs_", 1), rows)
        raise ModelError(
            f"the {type(model).__name__} predicts {outputs} outputs at once",
            slug="model-several-outputs",
            hint="give a model with one output",
        )
    if classes is not None and len(classes) != 2:
        listed = ", ".join(str(c) for c in classes[:10])
        raise ModelError(
            f"the {type(model).__name__} has {len(classes)} classes ({listed}), not two",
            slug="model-not-binary",
            hint="an audit of decisions explains the favorable class against the other one",
        )


def _settings(model: Any) -> None:
    """Refuse what shap answers with wrong numbers, or with an error nobody can read."""
    categorical = getattr(model, "is_categorical_", None)
    if categorical is not None and np.any(categorical):
        places = [str(i) for i in np.flatnonzero(categorical)]
        fitted = getattr(model, "feature_names_in_", None)
        names = [str(fitted[int(i)]) for i in places] if fitted is not None else places
        raise ModelError(
            f"the {type(model).__name__} was trained with categorical features "
            f"({', '.join(names)}); shap returns wrong attributions for these without an error",
            slug="model-categorical",
            hint="train without categorical_features (one-hot columns, for example) to explain it",
        )
    if not hasattr(model, "init_"):
        return
    if model.loss == "exponential":
        raise ModelError(
            f"the {type(model).__name__} was trained with loss='exponential', whose output shap "
            "does not reproduce",
            slug="model-settings",
            hint="train with the default loss to explain it",
        )
    if model.init is not None:
        raise ModelError(
            f"the {type(model).__name__} starts from its own init estimator, which shap "
            "cannot explain",
            slug="model-settings",
            hint="train with init=None to explain it",
        )


def _unit(model: Any, kind: str) -> Unit:
    from sklearn.base import is_classifier

    if not is_classifier(model):
        loss = getattr(model, "loss", None)
        return "log of the model output" if loss in ("poisson", "gamma") else "model output"
    if kind == "linear":
        logistic = getattr(model, "loss", "log_loss") == "log_loss"
        return "log-odds" if logistic and hasattr(model, "predict_proba") else "score"
    return "log-odds" if hasattr(model, "decision_function") else "probability"
