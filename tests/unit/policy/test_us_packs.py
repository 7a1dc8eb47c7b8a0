"""Packs for the United States: what their texts allow, forbid and leave open."""

from __future__ import annotations

import pytest

from auditor.policy import Policy, load_policy
from auditor.rules.bind import bind
from auditor.rules.kinds.feature_not_allowed import FeatureNotAllowed


def statuses(name: str) -> dict[str, str]:
    return {basis.id: basis.status for basis in load_policy(name).basis}


def blocking(policy: Policy) -> set[str]:
    return {rule.id for rule in policy.rules if rule.severity == "block"}


def names_rule(pack: str, rule: str) -> FeatureNotAllowed:
    (bound,) = bind([pack])
    (found,) = (one for one in bound.rules if one.entry.id == rule)
    assert isinstance(found, FeatureNotAllowed)
    return found


ZIPS = ["zip", "zip3", "ZIPS", "homeZip", "zip_codes", "zipcode", "zipcodes", "zcta5", "postal"]
ZIPS += ["postal_code", "POSTAL_CD", "postalcode", "postalCodes", "postcode", "postcodes"]
ZIPS += ["post_code", "PLZ"]
PLACES = ["home_distance", "distance_home", "distance_to_home", "lat", "lon", "lng", "geo_hash"]
PLACES += ["geohash6", "address", "home_address_line_1", "city", "town", "county", "street"]
PLACES += [
    "censusTract",
    "census_block",
    "block_group",
    "latitude",
    "longitude",
    "commute_km",
    "home_latlng",
    "dist_home_km",
]


@pytest.mark.parametrize("name", ZIPS)
def test_illinois_finds_a_zip_code_under_its_usual_names(name):
    assert names_rule("us-il-ihra", "no-zip-code").has_word(name)


@pytest.mark.parametrize("name", PLACES)
def test_illinois_finds_a_place_that_is_derived_from_an_address(name):
    assert names_rule("us-il-ihra", "no-derived-place").has_word(name)


@pytest.mark.parametrize("rule", ["no-zip-code", "no-derived-place"])
def test_illinois_takes_no_other_word_for_a_place(rule):
    others = ["zipper", "posting", "capacity", "latency", "long_term", "years", "compost_code"]

    assert [name for name in others if names_rule("us-il-ihra", rule).has_word(name)] == []


def test_california_allows_a_model_alone_where_one_way_out_is_open():
    policy = load_policy("us-ca-cppa")
    (way_out,) = (rule for rule in policy.rules if rule.id == "way-out")

    assert blocking(policy) == {"way-out"}
    assert way_out.options["any_of"] == ["opt_out", "appeal", "opt_out_exception"]
    assert [(r.id, r.mandatory) for r in policy.rules if r.section == "reviews"] == [
        ("taken-by-a-model-alone", True)
    ]


def test_duties_that_do_not_apply_yet_are_not_called_in_force():
    california = statuses("us-ca-cppa")

    assert california["cppa-7001"] == "in-force"  # a definition, which holds since 2026
    assert {california[name] for name in california if name.startswith("cppa-722")} == {
        "not-yet-applicable"
    }
    assert statuses("us-ca-sb947")["sb947-sole"] == "not-yet-applicable"
    assert statuses("us-ct-26-15")["ct-10"] == "not-yet-applicable"


def test_what_was_read_of_drafts_alone_does_not_block():
    (inferred,) = (r for r in load_policy("us-ca-sb947").rules if r.id == "nothing-inferred")

    assert (inferred.severity, inferred.because) == ("warn", ("sb947-infer",))
    assert statuses("us-ca-sb947")["sb947-infer"] == "draft-text"


def test_colorado_does_not_date_the_stay_after_the_act():
    notice = load_policy("us-co-admt").notice

    assert "stayed with that of its predecessor" in notice
    assert notice.index("14 May 2026") < notice.index("27 April 2026")


def test_connecticut_says_that_the_rule_on_the_notice_goes_on_warning():
    policy = load_policy("us-ct-26-15")
    (given,) = (rule for rule in policy.rules if rule.id == "notice-given")

    assert given.severity == "warn"
    assert "goes on warning after that day" in policy.notice
    assert str(policy.review_by) < "2027-10-01"


def test_the_opinion_of_the_department_of_justice_is_said():
    policy = load_policy("us-adverse-impact")
    (ugesp,) = (basis for basis in policy.basis if basis.id == "ugesp-4d")

    assert "Department of Justice of 9 June 2026, which binds no court" in policy.notice
    assert "9 June 2026" in str(ugesp.source)


def test_new_jersey_holds_the_test_against_the_first_use_and_blocks_on_the_version():
    policy = load_policy("us-nj-lad")
    rules = {rule.id: rule for rule in policy.rules}

    assert rules["tested-before-use"].options["before"] == "use.since"
    assert rules["test-of-this-model"].kind == "record-version"
    assert {"tested-before-use", "test-of-this-model"} <= blocking(policy)
