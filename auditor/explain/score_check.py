from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.explain.families import as_model_takes
from auditor.explain.fit import foreign_code

if TYPE_CHECKING:
    from auditor.vocabulary import FloatArray

TOLERANCE = 1e-6
_MOST_DECIMALS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCheck:
    """Whether the model given is the one whose scores were exported.

    ``compared`` rows hold both numbers, ``differing`` of them beyond the tolerance; ``largest`` is
    the largest absolute difference, NaN when nothing could be compared. ``says`` is the sentence.
    """

    compared: int
    differing: int
    largest: float
    says: str


def model_scores(model: Any, matrix: FloatArray) -> FloatArray:
    """Compute the number a model is usually exported with.

    The probability of the second class where the model gives one, the decision function of other
    classifiers, the prediction of a regressor; shape (n,).

    Raises
    ------
    ModelError
        ``model-raises``, when the model itself stops.
    """
    data = as_model_takes(model, matrix)
    with foreign_code(f"the {type(model).__name__} gives no output for these features"):
        if hasattr(model, "predict_proba"):
            values = model.predict_proba(data)[:, 1]
        elif hasattr(model, "decision_function"):
            values = model.decision_function(data)
        else:
            values = model.predict(data)
    return np.asarray(values, dtype=np.float64).ravel()


def model_predictions(model: Any, matrix: FloatArray) -> Any:
    """Classes that a classifier predicts, shape (n,).

    Raises
    ------
    ModelError
        ``model-raises``, when the model itself stops.
    """
    data = as_model_takes(model, matrix)
    with foreign_code(f"the {type(model).__name__} gives no output for these features"):
        return np.asarray(model.predict(data)).ravel()


def check_scores(outputs: FloatArray, exported: FloatArray) -> ScoreCheck:
    """Compare the model's own output with the exported score; a mismatch is said, not raised.

    Two numbers agree when they differ by at most ``1e-6 * max(1, |output|)``, or by half a unit of
    the last decimal when the export rounds its scores to one to eight decimals.

    Parameters
    ----------
    outputs, exported : float64 arrays, shape (n,)
        NaN in either: not compared.

    Raises
    ------
    ValueError
        When the arrays have different lengths.

    Examples
    --------
    >>> print(check_scores(np.array([0.1234, 0.5678]), np.array([0.12, 0.57])).says)
    The model's output equals the exported score in all 2 rows compared (exported with 2 decimals).
    """
    if len(outputs) != len(exported):
        raise ValueError(
            f"check_scores needs as many outputs as scores. Got {len(outputs)} and {len(exported)}."
        )
    both = np.isfinite(outputs) & np.isfinite(exported)
    own, theirs = outputs[both], exported[both]
    n = len(own)
    if n == 0:
        says = "The model's output could not be compared: no row has an exported score."
        return ScoreCheck(compared=0, differing=0, largest=float("nan"), says=says)

    decimals = _decimals(theirs)
    off = np.abs(own - theirs)
    differing = int(np.count_nonzero(_differs(own, theirs, decimals)))
    largest = float(off.max())
    rows = f"{n:,} {'row' if n == 1 else 'rows'}"
    rounded = "" if decimals is None else f" (exported with {decimals} decimals)"
    if not differing:
        says = f"The model's output equals the exported score in all {rows} compared{rounded}."
    else:
        says = (
            f"The model's output differs from the exported score in {differing:,} of {rows} "
            f"(by up to {largest:.3g}){_looks_like(own, theirs)}: the reasons below explain the "
            "model that was given, which may not be the one that scored these people."
        )
    return ScoreCheck(compared=n, differing=differing, largest=largest, says=says)


def _differs(own: FloatArray, theirs: FloatArray, decimals: int | None) -> np.ndarray:
    allowed = TOLERANCE * np.maximum(1.0, np.abs(own))
    if decimals is not None:
        # Half a unit, and room for the binary representation of a number that ends in 5.
        allowed = np.maximum(allowed, 0.5 * 10.0**-decimals * (1 + 1e-6) + 1e-12 * np.abs(own))
    result: np.ndarray = np.abs(own - theirs) > allowed
    return result


def _decimals(exported: FloatArray) -> int | None:
    """Decimals the scores were rounded to, from 1 to 8; None when they were not."""
    slack = 1e-12 * np.maximum(1.0, np.abs(exported))
    for decimals in range(_MOST_DECIMALS):
        if np.all(np.abs(np.round(exported, decimals) - exported) <= slack):
            # Whole numbers may be classes or ranks; half a unit would then accept anything.
            return decimals or None
    return None


def _looks_like(own: FloatArray, theirs: FloatArray) -> str:
    """Name a known transformation that would explain the difference, in words."""
    with np.errstate(divide="ignore", invalid="ignore"):
        guesses = {
            "100 times the model's output": 100 * own,
            "1 minus the model's output": 1 - own,
            "the log-odds of the model's output": np.log(own / (1 - own)),
        }
    for words, guess in guesses.items():
        decimals = _decimals(theirs) or (0 if np.all(theirs == np.round(theirs)) else None)
        usable = bool(np.all(np.isfinite(guess))) and float(np.ptp(theirs)) > 0
        spread = decimals is None or float(np.ptp(theirs)) > 10 * 10.0**-decimals
        if usable and spread and not np.any(_differs(guess, theirs, decimals)):
            return f", which looks like {words}"
    return ""
