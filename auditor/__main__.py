from __future__ import annotations

import signal
import sys


def run() -> None:
    """Run the command line; the only place that turns what happened into an exit code."""
    # so that what was begun is tidied away when a pipeline ends us, as at the keyboard
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    from auditor.cli import main
    from auditor.cli.problems import exit_code_of

    sys.exit(exit_code_of(lambda: main(prog_name="auditor", standalone_mode=False)))


if __name__ == "__main__":
    run()
