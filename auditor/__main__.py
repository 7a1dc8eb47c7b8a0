from __future__ import annotations

import sys


def run() -> None:
    """Run the command line; the only place that turns what happened into an exit code."""
    from auditor.cli import main
    from auditor.cli.problems import exit_code_of

    sys.exit(exit_code_of(lambda: main(prog_name="auditor", standalone_mode=False)))


if __name__ == "__main__":
    run()
