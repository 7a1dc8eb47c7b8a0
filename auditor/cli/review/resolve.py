from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from auditor.cli.review.options import place_options, recording_options


@click.command()
@click.argument("result")
@click.argument("case")
@place_options
@click.option(
    "--outcome",
    required=True,
    type=click.Choice(["kept", "changed", "not-used"]),
    help="What became of the model's outcome; not-used: it was set aside.",
)
@click.option(
    "--final",
    type=click.Choice(["favorable", "unfavorable"]),
    help="What was decided in the end, where it does not follow.",
)
@click.option("--role", required=True, help="The role in which you decide.")
@click.option("--considered", multiple=True, metavar="LABEL", help="Beyond the score; repeatable.")
@click.option(
    "--explanation", multiple=True, metavar="LABEL", help="Of the model's answer; repeatable."
)
@click.option(
    "--takes-effect",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day on which the decision takes effect.",
)
@click.option(
    "--reason-code",
    multiple=True,
    metavar="LABEL",
    help="Of the policy's list if it has one; repeatable.",
)
@click.option("--rationale", help="Why, in your words; lies beside the chain.")
@click.option("--rationale-file", metavar="FILE", help="A text file with it.")
@click.option(
    "--statement",
    type=click.Choice(["none-given", "considered", "not-considered"]),
    default="none-given",
    show_default=True,
    help="What the person concerned had to say.",
)
@click.option(
    "--statement-file",
    metavar="FILE",
    help="A text file with it, where the ledger does not hold it (any more).",
)
@click.option("--seconds", type=click.IntRange(0), help="How long it took.")
@click.option("--conflict", is_flag=True, help="You have a conflict of interest.")
@click.option("--corrects", metavar="ID", help="An earlier review of yours.")
@recording_options()
def command(result: str, case: str, ledger: str, keyring: str | None, **said: Any) -> None:
    """Record what a person decided about a case; it settles exactly the rules of the role.

    What would count for nothing is refused with all reasons, unless --record-anyway says to keep
    it on record. Labels stay in the ledger for good, so they are no place for free words.
    """
    from auditor.cli.review.options import at_desk, keep, private_key
    from auditor.review import Said, answers, checked_review

    rationale = _rationale(said["rationale"], said["rationale_file"])
    effect: datetime | None = said["takes_effect"]
    with at_desk(result, ledger, keyring) as (desk, held):
        one = desk.case(case)
        told = Said(
            case=one.id,
            role=said["role"],
            answers=answers(one, said["outcome"], said["final"]),
            rationale=rationale,
            considered=said["considered"],
            explanation_shown=said["explanation"],
            takes_effect=None if effect is None else effect.date(),
            reason_codes=said["reason_code"],
            statement=said["statement"],
            statement_words=_statement(said["statement_file"]),
            seconds=said["seconds"],
            conflict=said["conflict"],
            corrects=said["corrects"],
        )
        private = private_key(said["sign_with"], said["passphrase_file"])
        checked = checked_review(desk, told, private=private)
        keep(checked, desk, held, one, anyway=said["record_anyway"], what="review")


def _rationale(text: str | None, file: str | None) -> str:
    from auditor.cli.texts import words_of_file
    from auditor.errors import UsageError

    if text is not None and file is not None:
        raise UsageError(
            "the rationale is given twice: as a text and as a file",
            slug="rationale-twice",
            hint="give either --rationale or --rationale-file",
        )
    if file is None:
        return text or ""
    return words_of_file(file, "rationale")


def _statement(file: str | None) -> str:
    from auditor.cli.texts import words_of_file

    return "" if file is None else words_of_file(file, "statement")
