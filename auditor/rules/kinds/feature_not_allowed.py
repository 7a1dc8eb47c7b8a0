from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from auditor.documents import Listed, Text, no_repeats
from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Evidence, Needs, Params, WaivedBy
from auditor.rules.waived_values import higher_is_worse, highest
from auditor.rules.whole_rule import WholeRule
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part

_BREAKS = re.compile(r"[^a-z0-9]+|(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class FeatureNotAllowedOptions(Params):
    """``names``: words that no feature may have; ``protected``: nor may it be an attribute."""

    names: Annotated[Listed[Text], Field(max_length=200), AfterValidator(no_repeats)] = ()
    protected: bool = False

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.names and not self.protected:
            raise PydanticCustomError(
                "missing-key",
                "needs 'names' or 'protected: true'",
                {"hint": "such as names: [zip, postal code]"},
            )
        return self


class FeatureNotAllowed(WholeRule):
    """The model reads a feature that it may not read.

    What it checks
    --------------
    The names of the features that the profile declares, or that the model was given, for one of the
    words of ``names``: whole words, whatever their case (``zip`` is found in ``zip3``, ``home_zip``
    and ``ZipCode``, not in ``zipper``). With ``protected`` also whether a feature is a protected
    attribute of the profile, has the name of its column, or follows from it value for value.

    Why it matters
    --------------
    Some texts forbid an input whatever its effect: a postcode in place of race, a special category
    of personal data without a basis. Whether the outcome differs is then not the question.

    When it misleads
    ----------------
    It reads names. A column of postcodes that is called ``x17`` is not found, and one called
    ``zip`` may be something else. A pass says that no declared feature has such a name; a model may
    read more than its owner declares. Features that stand in for a group only in part are not
    found here.

    Example
    -------
    ``names: [zip]`` and a profile with ``features: [years, zip3]``: "The model reads zip3."

    Options
    -------
    ``names`` (none): words. ``protected`` (false). One of the two has to be said.

    References
    ----------
    775 ILCS 5/2-102(L)(1): zip codes as a proxy for protected classes. Regulation (EU) 2016/679,
    article 22(4): no decisions on special categories of data without a basis.
    """

    kind: ClassVar[str] = "feature-not-allowed"
    can_be_waived: ClassVar[bool] = True
    waived_by: ClassVar[WaivedBy] = "feature"
    Options: ClassVar[type[Params]] = FeatureNotAllowedOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Every such feature: a waiver holds for the one that it names."""
        evidence = finding.evidence
        found = dict.fromkeys((*evidence["by_name"], *evidence["protected"]))
        return highest((feature, 1) for feature in found)

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """One feature is one feature, neither more nor less."""
        return higher_is_worse(value, waiver)

    def needs(self) -> Needs:
        """Ask for single rows where it has to be seen whether a feature follows from a group."""
        return Needs(rows=self.options.protected)

    def check(self, evidence: Evidence) -> Iterator[Finding | NotEvaluated]:
        """One finding on all features."""
        if not evidence.inputs:
            why = "the profile declares no features, so nobody knows what the model reads."
            yield self.not_evaluated("no-features-declared", why)
            return
        named = [name for name in evidence.inputs if self.has_word(name)]
        told = [name for name, tells in evidence.inputs.items() if tells and self.options.protected]
        found = list(dict.fromkeys((*named, *told)))
        says = f"None of the {len(evidence.inputs)} features is one that the model may not read."
        if found:
            says = f"The model reads {', '.join(found)}, which it may not read."
        yield self.finding(
            FindingVerdict.FAIL if found else FindingVerdict.PASS,
            says,
            "Train the model without it, and look for features that stand in for it."
            if found
            else "",
            {"features": list(evidence.inputs), "by_name": named, "protected": told},
        )

    def has_word(self, name: str) -> bool:
        """Whether the name of a feature has one of the words."""
        words = _words(name)
        return any(f" {_words(word)} " in f" {words} " for word in self.options.names)


def _words(text: str) -> str:
    """Words of a name, in lower case, with single spaces between them.

    Examples
    --------
    >>> _words("homeZip3"), _words("Postal-Code")
    ('home zip 3', 'postal code')
    """
    return " ".join(filter(None, _BREAKS.split(_CAMEL.sub(" ", text).lower())))
