# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""python -m plantsim demo: the plant plays its log against a running Odoo."""

import argparse
import sys
from pathlib import Path

from . import client, demo, log
from .source import ROOT


def main():
    """Run a command; the exit code."""
    options = _parser().parse_args()
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from scripts import planner  # the planner is a person with a login, not the plant

    try:
        return demo.Demo(options, planner).main()
    except (client.PlantError, log.LogError, OSError) as error:
        sys.exit(f"error: {error}")


def _parser():
    parser = argparse.ArgumentParser(prog="plantsim", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("demo", help="play a log and reconcile")
    command.add_argument(
        "--run-file", type=Path, default=ROOT / ".run" / "demo.json", metavar="PATH"
    )
    command.add_argument("--log", type=Path, help="CSV; default: the real one")
    command.add_argument(
        "--generated", action="store_true", help="a made-up log, the real one or not"
    )
    command.add_argument("--orders", type=int, help="only the first orders of the log")
    command.add_argument("--seed", type=int, default=0, help="of mixture and mischief")
    command.add_argument(
        "--resume", action="store_true", help="leave out what Odoo has answered before"
    )
    command.add_argument(
        "--no-mischief", dest="mischief", action="store_false", help="no faults"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
