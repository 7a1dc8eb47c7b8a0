"""`auditor policy print`: the copy to sign says everything that decides, and nothing in it runs."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from auditor.documents import NumberText
from auditor.policy import load_policy, pack_names
from auditor.rules.bind import bind
from auditor.rules.resolve import resolved
from auditor.signing import policy_digest

ROOT = Path(__file__).resolve().parents[2]
OWN = sorted(str(path) for path in (ROOT / "fixtures" / "policies").glob("*.yaml"))
EVERY_KIND = """\
auditor: policy/1
policy: {id: all, title: "<script>alert(1)</script> & 'rule'", version: "3", status: in-force,
  owner: "<img src=x onerror=alert(2)>", effective_from: 2026-01-01, notice: "{{ 7 * 7 }} <b>n</b>"}
basis: [{id: b1, cite: "<i>Handbook</i>", says: "</style><script>x</script>", status: practice,
  source: "javascript:alert(3)"}]
decision_rights: {offer: assist}
waivers: {limits: {longest: 47 days, approvals: 3}}
gates:
  - {id: g1, kind: impact-ratio, says: S., because: [b1], options: {threshold: 17/20, alpha: 0.013,
     worth_detecting: 0.71, confidence: 0.937, min_people: 37, min_expected: 7,
     reference_share: 0.031, open_share: 0.083, unknown_factor: 2.7, must_pass: [sex]}}
  - {id: g2, kind: descriptive, says: S., because: [b1], options: {exclude_below: 0.019}}
  - {id: g3, kind: small-but-real, says: S., because: [b1], options: {ratio_below: 0.91,
     effect_size: 0.23, deviations: 2.1}}
  - {id: g4, kind: three-deviations, says: S., because: [b1], options: {deviations: 10/3}}
  - {id: g5, kind: unknown-share, says: S., because: [b1], options: {limit: 0.19}}
  - {id: g6, kind: coverage, says: S., because: [b1], severity: warn,
     options: {attributes: ["sex*race"], metrics: [scoring-rate]}}
  - {id: g7, kind: decision-right, says: S., because: [b1]}
  - {id: g8, kind: flag-budget, says: S., because: [b1], options: {at_most: 0.117}}
reviews:
  - {id: r1, kind: near-cut-score, says: S., because: [b1], due: 6 weeks, reviewer: "<u>lead</u>",
     readers: 2, options: {band: 0.043}}
  - {id: r2, kind: value-missing, says: S., because: [b1], options: {columns: ["<s>col</s>"]}}
  - {id: r3, kind: condition, says: S., because: [b1], options: {missing: skip, when: {any: [
     {"<script>f</script>": {at_least: 12.25}}, {score: {between: [0.44, 0.58]}},
     {share_of_reason: {feature: gap, at_least: 0.37}}, {model_version: {equals: "<q>"}}]}}}
  - {id: r4, kind: random-control, says: S., because: [b1], options: {count: 1234}}
  - {id: r5, kind: gate-failed, says: S., because: [b1], options: {share: 0.029}, mandatory: false}
  - {id: r6, kind: decision-right-violated, says: S., because: [b1]}
examples:
  - {name: "<script>e</script>", table: {sex: {"<b>F</b>": [431, 217], M: [433, 219]}},
     expect: {g1: pass}}
  - {name: one, row: {outcome: unfavorable, score: 0.513, cut_score: 0.5, scale: [0, 1]},
     expect: {reviews: [r1, r3]}}
"""


class Tags(HTMLParser):
    """Collects the elements and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture
def printed(run, tmp_path):
    """Print a policy and read the page."""

    def printed(policy: str, *words: str) -> str:
        out = tmp_path / "copy.html"
        ran = run("policy", "print", policy, "--out", out, "--as-of", "2026-11-22", *words)
        assert (ran.code, ran.out) == (0, "")
        return out.read_text(encoding="utf-8")

    return printed


@pytest.fixture
def every_kind(tmp_path) -> str:
    path = tmp_path / "all.yaml"
    path.write_text(EVERY_KIND, encoding="utf-8")
    return str(path)


def numbers(value) -> set[str]:
    """Every number inside a resolved value."""
    match value:
        case dict():
            return set().union(*map(numbers, value.values()))
        case list():
            return set().union(*map(numbers, value))
        case NumberText() | int() if not isinstance(value, bool):
            return {str(value)}
    return set()


def missing(text: str, policy: str) -> list[str]:
    """Numbers of the options of a policy that a page does not say, rule by rule."""
    data = resolved(bind([policy])[0])
    rules = [*data["gates"], *data["reviews"]]
    return [
        f"{rule['id']} {number}"
        for rule in rules
        for number in sorted(numbers(rule["options"]))
        if not re.search(rf"(?<![\d.,/]){re.escape(number)}(?![\d/]|\.\d)", text)
    ]


@pytest.mark.parametrize("policy", [*pack_names(), *OWN])
def test_every_number_of_every_option_is_on_the_page(printed, policy):
    assert missing(Tags(printed(policy)).text, policy) == []


def test_every_number_of_every_kind_is_on_the_page_also_the_defaults(printed, every_kind):
    text = Tags(printed(every_kind)).text

    assert missing(text, every_kind) == []
    for more in ("47 (forty-seven) days", "3 (three) approvals", "42 (forty-two) days",
                 "0.85 (eighty-five of a hundred)", "10/3 (ten divided by three)",
                 "217 of 431", "score 0.513"):  # fmt: skip
        assert more in text


def test_a_number_that_is_left_out_would_be_seen(printed, every_kind):
    text = Tags(printed(every_kind)).text

    assert missing(text.replace("0.117", "0.11"), every_kind) == ["g8 0.117"]


def test_texts_of_the_policy_are_inert(printed, every_kind):
    page = printed(every_kind)
    tags = Tags(page)
    used = {tag for tag, _ in tags.tags}

    assert used & {"script", "img", "i", "b", "u", "s", "q", "a", "link", "iframe", "form"} == set()
    assert [name for _, attrs in tags.tags for name in attrs if name.startswith("on")] == []
    assert [a for _, a in tags.tags if {"src", "href", "style"} & set(a)] == []
    assert page.count("</style>") == 1
    for text in ("<script>alert(1)</script> & 'rule'", "{{ 7 * 7 }} <b>n</b>", "<u>lead</u>",
                 "<s>col</s>", "<script>f</script>"):  # fmt: skip
        assert text in tags.text
        assert html.escape(text, quote=False) == text or text not in page


def test_the_page_says_what_follows_and_what_is_signed(printed, every_kind):
    text = Tags(printed(every_kind)).text
    digest = policy_digest(bind([every_kind])[0])

    for part in (
        "On 2026-11-22: In force since 2026-01-01.",
        "On a breach the verdict is fail, and the gate blocks the release.",
        "A person looks at each decision that is flagged: <u>lead</u>, within 42",
        "Two people look at it, and both have to come to the same outcome.",
        "It is mandatory: until then the gate does not let the release through.",
        "It is advised: the release does not wait for it.",
        "lets a person take them, with or without a model",
        "Human resources Name Role Date Signature",
        "Information technology Name Role Date Signature",
        digest,
    ):
        assert part in text


def test_a_policy_that_is_not_in_force_blocks_nothing(printed, every_kind):
    text = Tags(printed(every_kind, "--as-of", "2025-11-22")).text

    assert "not yet in force" in text.lower()
    assert "It blocks nothing on this day" in text
    assert "the gate blocks the release" not in text
    assert "does not let the release through" not in text


def test_the_same_policy_gives_the_same_page(printed, every_kind):
    assert printed(every_kind) == printed(every_kind)


def test_a_copy_replaces_a_file_and_never_a_directory_or_the_policy(run, every_kind, tmp_path):
    (tmp_path / "old.html").write_text("old", encoding="utf-8")
    (tmp_path / "there").mkdir()

    assert run("policy", "print", every_kind, "--out", tmp_path / "old.html").code == 0
    assert "<!doctype html>" in (tmp_path / "old.html").read_text(encoding="utf-8")
    assert run("policy", "print", every_kind, "--out", tmp_path / "there").code == 74
    assert run("policy", "print", every_kind, "--out", every_kind).code == 2
    assert Path(every_kind).read_text(encoding="utf-8") == EVERY_KIND
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.yaml", "old.html", "there"]


def test_a_policy_that_is_refused_writes_nothing(run, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text(EVERY_KIND.replace("band: 0.043", "band: 2"), encoding="utf-8")
    ran = run("policy", "print", bad, "--out", tmp_path / "copy.html")

    assert ran.code == 2
    assert not (tmp_path / "copy.html").exists()


def test_a_kind_that_never_fails_says_so(printed):
    text = Tags(printed("us-nj-lad")).text
    rule = text[text.index("Rule alternatives-compared") :].partition("It rests on")[0]

    assert "It never fails. What is not on record gives no verdict." in rule
    assert "the verdict is fail" not in rule


ABOUT_GROUPS = "Gates that compare groups look at everybody in the export who was selected"


@pytest.mark.parametrize(
    ("policy", "groups"),
    [("us-adverse-impact", True), ("eu-ai-act", True),
     (str(ROOT / "fixtures/policies/limits.yaml"), True), ("eu-gdpr-22", False),
     ("us-ca-cppa", False), ("us-co-admt", False), ("us-tx-traiga", False)],
)  # fmt: skip
def test_only_a_policy_that_compares_groups_says_that_it_does(printed, policy, groups):
    text = Tags(printed(policy)).text

    assert (ABOUT_GROUPS in text) == groups
    assert "what is asked of groups" not in text
    record = "Gates about the record look at what the system record says on the audited day."
    asked = any(rule.kind.startswith("record-") for rule in load_policy(policy).rules)
    assert (record in text) == asked


def test_a_fail_of_a_crossed_attribute_is_not_called_allowed(printed):
    text = Tags(printed("us-adverse-impact")).text

    assert "may fail" not in text
    assert "Crossed ones need not pass, but a fail of one counts as any other." in text


CODED = re.compile(r"\b(?:notices|questions|retention|logs|requests|appeal|adverse_outcome)\.[a-z]")


@pytest.mark.parametrize("policy", pack_names())
def test_what_has_to_be_on_record_is_said_in_words(printed, policy):
    text = Tags(printed(policy)).text
    rules = text[: text.index("Texts it rests on")]

    assert CODED.findall(rules) == []
    assert "_" not in rules
    assert "has no lower limit" not in rules
    assert "has no upper limit" not in rules


def test_entries_are_named_by_the_questions_of_the_checklist(printed):
    text = Tags(printed("eu-ai-act")).text

    assert "“Were the representatives of the workers told?”" in text
    assert "The number that counts: months, under “How long are the system's logs kept?”" in text
    days = Tags(printed("us-co-admt")).text
    assert "days, under “What is a person told after an adverse outcome, and how soon?”" in days


def test_duties_that_apply_later_are_not_called_in_force(printed):
    text = Tags(printed("eu-ai-act")).text

    assert "(in force)" not in text
    assert "Articles 12, 19 and 26(6) (not yet applicable)" in text
    assert "Article 86 (not yet applicable)" in text
