# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a workload is given and hands back, and how it is shown and kept.

A workload is a function ``run(options) -> Result``. It measures, says its numbers as
rows of a table and fills in the issue's targets by their names:

    def run(options):
        rates = measure(options.rounds, clients=[1] if options.small else [1, 4, 16])
        return Result(
            "d",
            "Acknowledgement",
            rows=[{"contender": "ours", "events_per_second": 120.0}, ...],
            targets={"d_single": 2.1},
            notes=["one client, keep-alive off"],
            chart=Chart("Acknowledged per second", bars={"ours": 120.0, ...}),
        )

What must hold besides speed and does not (unequal stock, a lost event) goes into
``differences``: with any, ``python -m benchmarks`` exits with 1.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timezone

from settings import RUN_DIR

from . import stopwatch

JSON_FILE = RUN_DIR / "bench.json"
PICTURES = RUN_DIR / "bench"
AT_LEAST, AT_MOST = "≥", "≤"
TARGETS = {
    "a_limit": (AT_LEAST, 0.95),
    "a_scale": (AT_LEAST, 1.8),
    "a_peer": (AT_LEAST, 1.5),
    "b_limit": (AT_LEAST, 8),
    "b_direct": (AT_LEAST, 10),
    "c_serial": (AT_LEAST, 1.5),
    "d_single": (AT_LEAST, 1.8),
    "d_batch": (AT_LEAST, 15),
    "critical": (AT_MOST, 2),
    "outbound_rate": (AT_LEAST, 3),
    "outbound_p95": (AT_MOST, 1.5),
    "jobs_per_event": (AT_MOST, 0.05),
    "growth_ack": (AT_MOST, 1.2),
    "growth_drain": (AT_MOST, 1.2),
    "list_seconds": (AT_MOST, 1),
}


@dataclass
class Options:
    """How much to measure."""

    workloads: tuple
    rounds: int = 3
    small: bool = False  # tiny sizes: proves that it runs, its figures mean nothing


@dataclass
class Chart:
    """One picture: bars as name -> value, or lines as name -> [(x, y), ...]."""

    title: str
    bars: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)
    x_label: str = ""
    log_x: bool = False


@dataclass
class Result:
    """What came out of one workload."""

    workload: str  # a, b, c, d, e, f, critical, outbound
    title: str
    rows: list = field(default_factory=list)  # dicts with the same keys: the table
    targets: dict = field(default_factory=dict)  # name of TARGETS -> value
    notes: list = field(default_factory=list)
    differences: list = field(default_factory=list)  # what must be equal and is not
    details: dict = field(default_factory=dict)  # any more for the JSON file
    chart: Chart | None = None


def keep(result, options):
    """Merge a result into .run/bench.json, so that workloads can run one by one."""
    kept = json.loads(JSON_FILE.read_text()) if JSON_FILE.exists() else {}
    workloads = {**kept.pop("workloads", {}), result.workload: _entry(result, options)}
    known = {name: kept[name] for name in TARGETS if name in kept}
    report = {**known, **result.targets, "workloads": dict(sorted(workloads.items()))}
    JSON_FILE.parent.mkdir(parents=True, exist_ok=True)
    JSON_FILE.write_text(json.dumps(report, indent=2) + "\n")
    if result.chart:
        draw(result)


def _entry(result, options):
    """A run tells by itself where and how it was measured: runs may be days apart."""
    return {
        "title": result.title,
        "measured": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "rounds": options.rounds,
        "small": options.small,
        "machine": stopwatch.machine(),
        "targets": result.targets,
        "rows": result.rows,
        "notes": result.notes,
        "differences": result.differences,
        **result.details,
    }


def draw(result):
    """The workload's picture as SVG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    chart = result.chart
    figure, axes = pyplot.subplots(figsize=(8, 4), layout="constrained")
    if chart.bars:
        bars = axes.barh(list(chart.bars)[::-1], list(chart.bars.values())[::-1])
        axes.bar_label(bars, fmt="%.3g", padding=3)
    for name, points in chart.lines.items():
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    if chart.lines:
        axes.set_ylim(bottom=0)
        axes.legend()
    if chart.log_x:
        axes.set_xscale("log")
    axes.set_title(chart.title)
    axes.set_xlabel(chart.x_label)
    PICTURES.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURES / f"{result.workload}.svg", metadata={"Date": None})
    pyplot.close(figure)


def show(result):
    """The workload's table, then what there is to say about it."""
    print(f"\n{result.workload}: {result.title}")
    if result.rows:
        _table([list(result.rows[0]), *(list(row.values()) for row in result.rows)])
    for note in result.notes:
        print(f"  {note}")
    for difference in result.differences:
        print(f"  DIFFERENT: {difference}")


def _table(lines):
    cells = [[_text(value) for value in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        first, *others = zip(line, widths, strict=True)
        texts = [first[0].ljust(first[1]), *(text.rjust(w) for text, w in others)]
        print("  " + "  ".join(texts))


def _text(value):
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def show_targets():
    """Every target of the issue with its last value, met or not."""
    kept = json.loads(JSON_FILE.read_text()) if JSON_FILE.exists() else {}
    lines = [["target", "value", "wanted", ""]]
    for name, (sense, bound) in TARGETS.items():
        value = kept.get(name)
        lines.append([name, value, f"{sense} {bound}", _verdict(value, sense, bound)])
    print("\nTargets")
    _table(lines)
    print(f"  written to {JSON_FILE}, pictures in {PICTURES}")


def _verdict(value, sense, bound):
    if value is None:
        return "not measured"
    met = value >= bound if sense == AT_LEAST else value <= bound
    return "met" if met else "missed"
