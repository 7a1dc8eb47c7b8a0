"""Options and conditions as sentences: complete, and each with its value."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from auditor.documents import NumberText
from auditor.rules.condition_words import condition_words
from auditor.rules.counted_words import SINGLE
from auditor.rules.kinds import KINDS
from auditor.rules.option_words import OPTION_WORDS, option_sentence

OPTIONS = [(kind.kind, name) for kind in KINDS for name in kind.Options.model_fields]


def test_every_option_of_every_kind_has_words_and_no_other():
    assert {(kind, name) for kind, words in OPTION_WORDS.items() for name in words} == set(OPTIONS)
    assert set(OPTION_WORDS) == {kind.kind for kind in KINDS}


@pytest.mark.parametrize(("kind", "option"), OPTIONS)
def test_a_value_is_shown_and_a_word_has_a_sentence(kind, option):
    words = OPTION_WORDS[kind][option]
    if isinstance(words, str) or ... in words:
        said = option_sentence(kind, option, NumberText("0.123"), "0.123")
        assert said.endswith(".")
        assert "0.123" in said
    else:
        found = next(k for k in KINDS if k.kind == kind)
        allowed = TypeAdapter(found.Options.model_fields[option].annotation)
        assert [allowed.validate_python(word) for word in words] == list(words)
        schema = allowed.json_schema()
        every = [schema["const"]] if "const" in schema else schema.get("enum", [True, False])
        assert len(words) == len(every)


def test_a_word_that_means_something_has_a_sentence_of_its_own():
    assert "the worst case" in option_sentence("impact-ratio", "unknown_factor", "worst-case", "")
    assert "itself" in option_sentence("impact-ratio", "worth_detecting", None, "none")
    assert option_sentence("coverage", "metrics", [], "") == "No further rate is asked for."
    assert "sex" in option_sentence("impact-ratio", "must_pass", ["sex"], "sex")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"score": "missing"}, "the score is missing"),
        ({"outcome": {"equals": "unfavorable"}}, "the outcome is unfavorable"),
        ({"gap": {"at_least": 12}}, "the value of gap is at least 12"),
        (
            {"score": {"between": [NumberText("0.4"), NumberText("0.5")]}},
            "the score is from <0.4> to <0.5>, both included",
        ),
        ({"model_version": {"not_in": ["v1", "2"]}}, "the version of the model is none of v1, 2"),
        (
            {"share_of_reason": {"feature": "gap", "at_least": NumberText("0.3")}},
            "gap makes up at least <0.3> of the reasons for the score",
        ),
        (
            {"any": [{"not": {"score": "missing"}}, {"gap": {"below": 1}}]},
            "one or more of these hold: (1) [this does not hold: the score is missing]; (2) the "
            "value of gap is below 1",
        ),
        ({"all": [{"score": "missing"}]}, "the score is missing"),
        (
            {"all": [{"score": "missing"}, {"any": [{"a": "missing"}, {"b": "missing"}]}]},
            "all of these hold: (1) the score is missing; (2) [one or more of these hold: (1) the "
            "value of a is missing; (2) the value of b is missing]",
        ),
    ],
)
def test_a_condition_is_said_part_by_part(condition, said):
    assert condition_words(condition, lambda text: f"<{text}>") == said


@pytest.mark.parametrize(
    ("kind", "option", "one", "two"),
    [
        ("record-recent", "at_most", "at most 1 (one) day old", "at most 2 (two) days old"),
        ("data-age", "at_most", "by at most 1 (one) day.", "by at most 2 (two) days."),
        ("impact-ratio", "min_people", "fewer than 1 (one) person is", "than 2 (two) people is"),
        ("random-control", "count", "Drawn is 1 (one) of them", "Drawn are 2 (two) of them"),
        ("neighbours-differ", "neighbours", "the nearest one (1 (one))", "the 2 (two) nearest"),
    ],
)
def test_one_is_not_counted_as_several(kind, option, one, two):
    assert one in option_sentence(kind, option, NumberText("1"), "1 (one)")
    assert two in option_sentence(kind, option, NumberText("2"), "2 (two)")
    assert two in option_sentence(kind, option, 2, "2 (two)")


def test_every_way_to_say_one_is_said_somewhere():
    said = [
        text
        for options in OPTION_WORDS.values()
        for words in options.values()
        for text in ([words] if isinstance(words, str) else words.values())
    ]

    assert [many for many in SINGLE if not any(many in text for text in said)] == []
