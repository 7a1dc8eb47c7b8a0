from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import UsageError
from auditor.run.holding import Audit
from auditor.run.plan import Plan, in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.ingest import Profile
    from auditor.policy import Policy
    from auditor.run.measuring import Measured
    from auditor.system import SystemRecord

PROFILE_HINT = (
    "write one with 'auditor inspect EXPORT --write-profile profile.yaml', check it, and give it "
    "with --profile (in Python: profile=, or the column arguments)"
)


def audit(
    data: Any,
    policy: str | Path | Policy | Sequence[str | Path | Policy],
    *,
    profile: str | Path | Mapping[str, Any] | Profile | None = None,
    intersections: Sequence[Sequence[str]] = (),
    model: Any = None,
    features: Any = None,
    background: Any = None,
    seed: int = 0,
    as_of: date | None = None,
    key: str | Path | None = None,
    encoding: str | None = None,
    system: str | Path | Mapping[str, Any] | SystemRecord | None = None,
    keyring: str | Path | None = None,
    **columns: Any,
) -> Audit:
    """Audit one export of decisions under one policy or several.

    Parameters
    ----------
    data : path, pandas, Polars or Arrow frame, or what `auditor.counts` returns
    policy : name of a pack, path of a YAML file, Policy, or a list of these
    profile : path, mapping or Profile
        How the export reads. Instead of it, its content as keyword arguments: ``id``, ``outcome``,
        ``favorable``, ``unfavorable``, ``withdrawn``, ``not_considered``, ``open``, ``groups``,
        ``score``, ``cut_score``, ``better``, ``scale``, ``label``, ``positive``, ``negative``,
        ``final``, ``strata``, ``count``, ``model_version``, ``person``, ``date``, ``decision``,
        ``decisions``, ``duplicates``, ``expected_rows``, ``unit``, ``name``.
    intersections : list of lists of attributes
        In addition to those of the policies.
    model : fitted scikit-learn tree ensemble or linear model, optional
        Only with it attributions are computed.
    features : list of column names, or a frame with the rows and the index of ``data``
        What the model reads, in its order; a frame only with ``data`` as a frame.
    background : frame, optional
        Rows with the columns of the model, such as those it was trained on. Attributions are then
        from their mean, and a review may look for values outside their range (``out-of-range``).
    seed : int, from 0 on
        The only randomness.
    as_of : date, optional
        The only clock; today (UTC) by default.
    key : path, optional
        Of the key that flags are identified with; made on first use.
    encoding : str, optional
        Of a text file that is not UTF-8.
    system : path, mapping or SystemRecord, optional
        What is on record about the audited system; rules may ask for it.
    keyring : path, optional
        Whose key is whose. With it every policy but the shipped packs needs the signatures that it
        asks for, or one. Without it there is no verdict under a policy that asks for some.

    Returns
    -------
    Audit

    Raises
    ------
    TypeError, ValueError
        When an argument is of another kind or out of range.
    PolicyError, ProfileError, SystemRecordError, SignatureError, IntegrityError, UsageError
        Before the data are opened.
    ExportError, DecisionError, ModelError, PathError
        With the data open.

    Examples
    --------
    >>> import auditor
    >>> counted = auditor.counts({"M": (100, 60), "F": (100, 40)}, attribute="sex")
    >>> auditor.audit(counted, "us-adverse-impact").verdict.state.value
    'fail'
    """
    from auditor.ingest import read
    from auditor.rules.bind import bind, fit
    from auditor.run.arguments import asked_intersections, checked, policies
    from auditor.run.baselines import read_baselines
    from auditor.run.given import with_features
    from auditor.run.signed import signed
    from auditor.system import load_system

    settings = checked(
        profile=profile,
        seed=seed,
        as_of=as_of,
        key=key,
        encoding=encoding,
        system=system,
        keyring=keyring,
    )
    bound = bind(policies(policy))
    stamps = signed(bound, keyring, settings.as_of)
    reads = _profile(data, profile, columns)
    record = None if system is None else load_system(system)
    plan = Plan.of(bound, asked_intersections(data, intersections, reads), model=model is not None)
    if background is not None and model is None:
        raise UsageError(
            "a background is given, but no model that is explained with it",
            slug="background-without-model",
            hint="give the model as well, or leave the background out",
        )
    given = with_features(data, reads, features, model=model)
    fit(bound, given.profile)
    baselines = read_baselines(bound)
    decisions = read(given.data, given.profile, rows=plan.rows, encoding=encoding)

    from auditor.run.encodings import protected_features, without_features
    from auditor.run.explaining import explain
    from auditor.run.judging import conclude, judge
    from auditor.run.measuring import measured

    protected = {*reads.attributes, *(entry.column for entry in reads.groups.values())}
    hidden = protected_features(decisions, protected, given.names)
    taken = measured(without_features(decisions, hidden), plan)
    explained = None
    if model is not None:
        explained = explain(
            model,
            given,
            decisions,
            _references(taken),
            hidden=hidden,
            flips=plan.flips,
            background=background,
        )
    judged = judge(
        bound,
        taken,
        explained,
        active=in_force(bound, settings.as_of),
        settings=settings,
        inputs=given.inputs(hidden),
        system=record,
        baselines=baselines,
        stamps=stamps,
    )
    return conclude(
        bound,
        taken,
        judged,
        explained,
        settings,
        hidden=given.shown(hidden),
        system=record,
        stamps=stamps,
    )


def _profile(data: Any, profile: Any, columns: Mapping[str, Any]) -> Profile:
    """Profile of the call, given one way and not two."""
    from auditor.ingest import GroupCounts, load_profile, profile_of
    from auditor.run.arguments import known_columns

    given = sorted(name for name, value in known_columns(columns).items() if value is not None)
    if (profile is not None or isinstance(data, GroupCounts)) and given:
        other = "a profile" if profile is not None else "the counts themselves"
        raise UsageError(
            f"columns are given twice: by {other} and by {', '.join(given)}",
            slug="profile-twice",
            hint="give either a profile (or counts) or the column arguments",
        )
    if isinstance(data, GroupCounts):
        if profile is not None:
            raise UsageError(
                "counts say themselves how they read, and a profile is given as well",
                slug="profile-twice",
                hint="leave the profile out",
            )
        return data.profile
    if profile is not None:
        return load_profile(profile)
    if not given:
        raise UsageError("nothing says how this export reads", slug="no-profile", hint=PROFILE_HINT)
    return profile_of(**columns)


def _references(taken: Measured) -> dict[str, str]:
    """Take the reference of each attribute: of selections, of scores where there are none."""
    for metric in ("selection-rate", "scoring-rate"):
        found = {
            row.attribute: row.reference
            for row in taken.measures.comparisons
            if row.metric == metric
        }
        if found:
            return found
    return {}
