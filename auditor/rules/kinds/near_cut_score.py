from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from auditor.documents import FractionText
from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rule import DecisionRule


class NearCutScoreOptions(Params):
    """``band``: half the width around the cut score, as a share of the declared scale."""

    band: Annotated[FractionText, Field(gt=0, le=1)] = Fraction(1, 20)


class NearCutScore(DecisionRule):
    """The score lies so close to the cut score that the model cannot tell the two sides apart.

    What it checks
    --------------
    ``|score - cut score| <= band x (scale high - scale low)``, both ends included, on both sides of
    the cut score and for both outcomes. A missing score cannot be shown to be far from the cut
    score and is flagged as well. The limits are computed exactly from the decimals of the profile
    and then rounded once to float64, or to float32 when the scores are stored so.

    Why it matters
    --------------
    A cut score turns a small difference in score into all of the outcome. Every score has an error
    of measurement; inside it, a person who reads the application adds the most.

    When it misleads
    ----------------
    The band is a guess until the error of the score is known: a steep score needs a narrow one, a
    coarse score (1 to 5) may put nearly everybody inside. On a scale that is declared wider than
    the scores in use, the band is too wide.

    Example
    -------
    Cut score 0.5, scale 0 to 1, band 0.05: scores from 0.45 to 0.55 are flagged, 0.551 is not.

    Options
    -------
    ``band`` (0.05): more than 0 and at most 1.

    References
    ----------
    AERA, APA, NCME, Standards for Educational and Psychological Testing (2014), standard 2.14:
    standard errors of measurement are reported in the vicinity of each cut score.
    """

    kind: ClassVar[str] = "near-cut-score"
    Options: ClassVar[type[Params]] = NearCutScoreOptions

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag the decisions inside the band."""
        export, score = evidence.decisions.export, evidence.decisions.score
        if score is None:
            yield self.not_evaluated(evidence, "no-score", "the profile declares no score")
            return
        if export.cut_score is None:
            yield self.not_evaluated(evidence, "no-cut-score", "the profile declares no cut_score")
            return
        if export.scale is None:
            yield self.not_evaluated(
                evidence, "no-scale", "the profile declares no scale of the score"
            )
            return
        # The shortest decimal of a float is what the profile says: 0.3, not its binary neighbour.
        low, high, cut = (Fraction(repr(float(v))) for v in (*export.scale, export.cut_score))
        width = self.options.band * (high - low)
        number = np.float32 if evidence.decisions.score_is_single else np.float64
        lower, upper = number(float(cut - width)), number(float(cut + width))
        lines = self.considered(evidence)
        seen = score[lines]
        near = lines[((seen >= lower) & (seen <= upper)) | np.isnan(seen)]

        def text(line: int) -> str:
            if np.isnan(score[line]):
                return "score missing"
            shown = str(number(score[line]))
            return f"score {shown}, cut score {export.cut_score}, band {float(width)}"

        yield from self.flag_all(near, text)
