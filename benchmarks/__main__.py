# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""python -m benchmarks [WORKLOAD…] [--rounds N] [--small]: what `make bench` runs.

Prints a table per workload and the targets of all, writes .run/bench.json and pictures.
A missed target is a measurement; unequal results are an error: the exit code is 1.
"""

import argparse
import importlib
import signal
import sys

from settings import lock, main

from . import report, workloads

WORKLOADS = {
    "a": workloads.run_a,
    "b": workloads.run_b,
    "c": workloads.run_c,
    "d": "acknowledge",
    "e": "growth",
    "f": "fifo",
    "critical": "critical",
    "outbound": "outbound",
}


def options():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help="default: all")
    parser.add_argument("--rounds", type=int, help="3, with --small 1")
    parser.add_argument(
        "--small", action="store_true", help="tiny: proves that it runs"
    )
    given = parser.parse_args()
    if unknown := set(given.workloads) - set(WORKLOADS):
        parser.error(f"no such workload: {', '.join(sorted(unknown))}")
    rounds = given.rounds or (1 if given.small else report.Options.rounds)
    return report.Options(tuple(given.workloads or WORKLOADS), rounds, given.small)


def _main():
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))  # servers stop too
    given = options()
    with lock("bench"):  # two at once would measure each other
        return _measure(given)


def _measure(given):
    differences = []
    for name in given.workloads:
        run = WORKLOADS[name]
        if isinstance(run, str):
            run = importlib.import_module(f".{run}", __package__).run
        result = run(given)
        report.show(result)
        report.keep(result, given)
        differences += result.differences
    report.show_targets()
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(_main))
