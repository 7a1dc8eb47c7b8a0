from __future__ import annotations

import click

from auditor.cli.verbs import Verbs

VERBS = {
    "list": "auditor.cli.review.list",
    "show": "auditor.cli.review.show",
    "claim": "auditor.cli.review.claim",
    "release": "auditor.cli.review.release",
    "escalate": "auditor.cli.review.escalate",
    "resolve": "auditor.cli.review.resolve",
    "export": "auditor.cli.review.export",
    "import": "auditor.cli.review.import_",
    "serve": "auditor.cli.review.serve",
    "invite": "auditor.cli.review.invite",
    "request": "auditor.cli.review.request",
    "status": "auditor.cli.review.status",
    "erase": "auditor.cli.review.erase",
    "seal-controls": "auditor.cli.review.seal_controls",
    "oversight": "auditor.cli.review.oversight",
    "feedback": "auditor.cli.review.feedback",
}
"""In the order of a reviewer's day: what waits, one case, whose it is, what was decided,
what it comes to."""


@click.command(cls=Verbs, modules=VERBS)
def command() -> None:
    """See which decisions wait for a person, and record what people decide about them."""
