# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the campaign says: a line per run, a table at the end, a file for machines."""

import json
from collections import defaultdict

COLUMNS = (
    ("scenario", 11),
    ("runs", 5),
    ("faults", 7),
    ("in posting", 11),
    ("events", 7),
    ("repeated", 9),
    ("stall s", 8),
    ("quiet s", 8),
    ("checks", 7),
    ("violations", 11),
)


def head(bed, seed):
    return f"seed {seed}, {bed.url}, log {bed.stack.log}"


def line(result):
    """One run, for who watches."""
    faults = ", ".join(f"{n} × {fault}" for fault, n in sorted(result.faults.items()))
    notes = ", ".join(f"{value} {name}" for name, value in result.notes.items())
    told = (
        f"{result.name} (seed {result.seed}): {faults}; {result.hits} while posting;"
        f" {result.events} events, {result.repeated} sent again;"
        f" longest stall {result.stall:.1f} s, quiet after {result.quiet:.1f} s;"
        f" {result.checks} invariants, {len(result.violations)} violations"
        f" [{result.seconds:.0f} s] ({notes})"
    )
    return "\n".join([told, *(f"  VIOLATION {text}" for text in result.violations)])


def table(results):
    """One row per scenario and their sums."""
    by_name = defaultdict(list)
    for result in results:
        by_name[result.name].append(result)
    rows = [_row(name, runs) for name, runs in by_name.items()]
    rows.append(_row("all", results))
    lines = [[name for name, _width in COLUMNS], *rows]
    return "\n".join(_cells(cells) for cells in lines)


def _row(name, runs):
    def total(field):
        return sum(getattr(run, field) for run in runs)

    def worst(field):
        return f"{max((getattr(run, field) for run in runs), default=0):.1f}"

    faults = sum(run.faults.total() for run in runs)
    violations = sum(len(run.violations) for run in runs)
    counts = [total(field) for field in ("hits", "events", "repeated")]
    times = [worst("stall"), worst("quiet")]
    return [name, len(runs), faults, *counts, *times, total("checks"), violations]


def _cells(cells):
    pairs = zip(cells, COLUMNS, strict=True)
    return "".join(
        str(cell).ljust(width) if number == 0 else str(cell).rjust(width)
        for number, (cell, (_name, width)) in enumerate(pairs)
    )


def save(results, seed, path):
    runs = [vars(result) for result in results]
    path.write_text(json.dumps({"seed": seed, "runs": runs}, indent=2) + "\n")
