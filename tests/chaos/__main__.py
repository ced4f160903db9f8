# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The campaign: every scenario, then again with other seeds until the time is up.

    python -m tests.chaos [--seed N] [--minutes M] [--short] [scenario…]

Exits with 1 when an invariant was violated. Writes .run/chaos.json.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from database import default_databases
from settings import RUN_DIR, main

from . import bed, report
from .plan import FULL, SHORT, scenarios
from .run import run

SOURCE = os.environ.get("MFG_CHAOS_DB", "mfg_chaos")


def campaign(bed_, plan, seed, minutes, wanted):
    """Play the plan, once at least; results as they come."""
    ends = time.monotonic() + 60 * minutes
    results, first = [], True
    while first or time.monotonic() < ends:
        for scenario, sizes in scenarios(plan, wanted):
            if first or time.monotonic() < ends:
                results.append(run(scenario, bed_, seed, **sizes))
                print(report.line(results[-1]), flush=True)
                seed += 1
        first = False
    return results


def _main():
    options = _options()
    plan = SHORT if options.short else FULL
    databases = default_databases()
    databases.ready(SOURCE)
    try:
        with tempfile.TemporaryDirectory(dir=RUN_DIR, prefix="chaos-") as folder:
            with bed.made(databases, SOURCE, Path(folder) / "pg") as bed_:
                print(report.head(bed_, options.seed), flush=True)
                results = campaign(
                    bed_, plan, options.seed, options.minutes, options.scenario
                )
    finally:
        databases.drop(SOURCE)
    print(report.table(results))
    report.save(results, options.seed, RUN_DIR / "chaos.json")
    return 1 if any(result.violations for result in results) else 0


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="*", help="only these")
    parser.add_argument("--seed", type=int, default=_number("MFG_CHAOS_SEED", 1))
    parser.add_argument("--minutes", type=int, default=_number("MFG_CHAOS_MINUTES", 0))
    parser.add_argument("--short", action="store_true", help="a few faults of each")
    return parser.parse_args()


def _number(name, default):
    return int(os.environ.get(name) or default)


if __name__ == "__main__":
    sys.exit(main(_main))
