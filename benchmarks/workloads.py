# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The posting workloads: who takes part, what is compared, which targets follow.

The slow contenders get the first orders only, all events of these; figures are per
event, and results are compared on the orders that both sides had.
"""

from database import default_databases

from . import image, outcome, traces
from .contenders.direct import Direct
from .contenders.limit import Limit
from .contenders.served import HttpRival, Ours
from .report import Chart, Result
from .runs import Entry, median, play, ratio, rows

JOB_DONE = "SELECT count(*) AS bench_look FROM bench_event WHERE state = 'done'"
EDI_DONE = """SELECT count(*) AS bench_look FROM edi_exchange_record
              WHERE edi_exchange_state = 'input_processed'"""
SOME = 15  # orders of (a) for the peers, of 50
FEW = 2  # orders of (b) for the contenders without joining
SMALL = {"a": 4, "b": 1, "c": 4}  # orders of --small
COMMON = [
    "three HTTP workers each; CPU is the whole machine's, PostgreSQL and client too",
    "each contender and round on a fresh copy of one image; equal stock checked",
]


def one_worker():
    return Ours("ours_1", drains=1, join=False)


def two_workers():
    return Ours("ours_2", drains=2, join=False)


def joined():
    return Ours("ours_2_joined", drains=2, join=True)


def job():
    return HttpRival("job", "/bench/job", JOB_DONE)


def edi():
    return HttpRival("edi", "/edi/bench", EDI_DONE)


def run_a(options):
    entries = [
        Entry(Limit()),
        Entry(one_worker()),
        Entry(two_workers()),
        Entry(joined()),
        Entry(Direct("direct_1", clients=1), orders=SOME, same_records=False),
        Entry(Direct("direct_2", clients=2), orders=SOME, same_records=False),
        Entry(job(), orders=SOME),
        Entry(edi(), orders=SOME),
    ]
    rounds = _play("a", entries, options)
    peers = ["direct_1", "direct_2", "job", "edi"]
    best = max(peers, key=lambda name: median(rounds, name))
    result = _result("a", "mixed shift, 50 orders, 1,000 events", entries, rounds)
    result.notes.append(f"best peer: {best}")
    result.targets = {
        "a_limit": ratio(rounds, "ours_1", "limit"),
        "a_scale": ratio(rounds, "ours_2", "ours_1"),
        "a_peer": ratio(rounds, "ours_2", best),
        "jobs_per_event": median(rounds, "ours_2", lambda r: r.jobs / r.events),
    }
    return result


def run_b(options):
    entries = [
        Entry(Limit(), orders=FEW),
        Entry(joined()),
        Entry(two_workers(), orders=FEW),
        Entry(Direct("direct_2", clients=2), orders=FEW, same_records=False),
    ]
    rounds = _play("b", entries, options)
    result = _result("b", "shift change, 20 orders × 100 reports", entries, rounds)
    result.targets = {
        "b_limit": ratio(rounds, "ours_2_joined", "limit"),
        "b_direct": ratio(rounds, "ours_2_joined", "direct_2"),
    }
    for played in rounds:
        alone, together = played["ours_2"].traces, played["ours_2_joined"].traces
        result.differences += traces.differences(alone, together)
    if not result.differences:
        result.notes.append("joined messages: same links, shares add up to each line")
    return result


def run_c(options):
    entries = [Entry(Limit("serial")), Entry(joined()), Entry(job())]
    rounds = _play("c", entries, options)
    result = _result("c", "one hot component, 30 orders × 5", entries, rounds)
    result.targets = {"c_serial": ratio(rounds, "ours_2_joined", "serial")}
    racing = ratio(rounds, "job", "serial")
    retried = median(rounds, "ours_2_joined", lambda r: r.retried)
    result.notes.append(f"racing jobs: {racing:.2f} of serial")
    result.notes.append(f"messages of ours put off for a while: {retried:.0f}")
    return result


def _play(workload, entries, options):
    databases = default_databases()
    image.ready(databases)
    print(f"{workload}:")
    limit = SMALL[workload] if options.small else None
    return play(databases, workload, entries, options.rounds, limit)


def _result(workload, title, entries, rounds):
    bars = {name: median(rounds, name) for name in rounds[0]}
    return Result(
        workload,
        title,
        rows=rows(rounds),
        notes=list(COMMON),
        differences=_differences(entries, rounds),
        details={"rates": {name: [r[name].rate for r in rounds] for name in rounds[0]}},
        chart=Chart(f"({workload}) {title}", bars=bars, x_label="events per second"),
    )


def _differences(entries, rounds):
    """Every contender's result against the first one's and the widest one's."""
    found = []
    for played in rounds:
        found += [text for run in played.values() for text in run.problems]
        first = played[entries[0].contender.name].outcome
        for entry in entries[1:]:
            other = played[entry.contender.name].outcome
            found += outcome.differences(first, other, entry.same_records)
    return found
