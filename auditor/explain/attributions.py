from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from auditor.vocabulary import FloatArray, IntArray

Unit: TypeAlias = Literal[
    "log-odds", "probability", "score", "model output", "log of the model output"
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attributions:
    """How far each feature moved the model's output of each row from the background's mean.

    ``base + values.sum(axis=1)`` is the model's own output to within ``additivity``, which was
    checked for every row here before this value was made.

    Parameters
    ----------
    names : feature names, in the model's order
    values : float64 array, shape (n, f)
        Attributions, in ``unit``.
    inputs : float64 array, shape (n, f)
        The feature values that were explained; NaN where missing.
    outputs : float64 array, shape (n,)
        The model's own output in ``unit``.
    lines : int64 array, shape (n,)
        Which row of the table each explained row is.
    base : float
        Mean output over the background, in ``unit``.
    unit : what one step of a value is
    explains : sentence that names the output, and the class it speaks of
    method : the algorithm, by name
    background : what stands for "the others" in words
    background_rows : int
        How many rows that is; all of them were used.
    additivity : float
        Largest absolute difference between ``base + values.sum(axis=1)`` and ``outputs``.
    background_range : pair of float64 arrays, shape (f,), or None
        Smallest and largest value of each feature in a background that was given for itself, NaN
        where it has none; None where the explained rows or the trees stand for it.
    notes : further sentences to print beside the values
    """

    names: tuple[str, ...]
    values: FloatArray
    inputs: FloatArray
    outputs: FloatArray
    lines: IntArray
    base: float
    unit: Unit
    explains: str
    method: str
    background: str
    background_rows: int
    additivity: float
    background_range: tuple[FloatArray, FloatArray] | None = None
    notes: tuple[str, ...] = ()
