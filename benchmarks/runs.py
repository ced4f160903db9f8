# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One contender, one workload, one fresh copy of the image: warm it up, measure, look.

Rounds are interleaved: every contender once, then every contender again, so that a slow
minute of the machine meets all alike.
"""

import statistics
from dataclasses import dataclass

from . import events, image, outcome, plan, stopwatch
from .contenders.served import Ours, Stuck
from .traces import Traces

NAME = "mfg_bench_run"
JOBS = "SELECT count(*) FROM queue_job"
UNPOSTED = """SELECT type, state, error_code, count(*) FROM mfg_message
              WHERE direction = 'in' AND state <> 'posted' GROUP BY 1, 2, 3"""
RETRIED = "SELECT count(*) FROM mfg_message_attempt WHERE outcome = 'retrying'"


@dataclass
class Entry:
    """A contender's part in a workload."""

    contender: object
    orders: int | None = None  # only the first so many, for the slow ones
    same_records: bool = True  # posts by the suite's own handlers


@dataclass
class Run:
    """What one contender did in one round."""

    name: str
    events: int
    lap: stopwatch.Lap
    jobs: int
    outcome: outcome.Outcome
    problems: list
    retried: int = 0
    traces: Traces | None = None

    @property
    def rate(self):
        return self.events / self.lap.seconds


def play(databases, workload, entries, rounds, limit=None):
    """Rounds of runs: a list of {contender's name: Run}.

    :param limit: no contender gets more orders than these
    """
    found = []
    for number in range(rounds):
        print(f"  round {number + 1}:", end="", flush=True)
        found.append({})
        for entry in entries:
            run = _run(databases, workload, entry, limit)
            found[-1][run.name] = run
            print(f" {run.name} {run.rate:.1f}/s", end="", flush=True)
        print()
    return found


def _run(databases, workload, entry, limit):
    world, contender = image.world(databases), entry.contender
    orders = image.orders(world, workload)[: entry.orders][:limit]
    warm_up = events.of(plan.WARM_UP, image.orders(world, plan.WARM_UP))
    shift = events.of(workload, orders)
    with image.copy(databases, NAME) as database:
        with contender.at_work(databases, database, world) as post:
            post(warm_up)
            jobs = _count(databases, JOBS)
            problems = []
            with stopwatch.running(databases, database) as lap:
                try:
                    post(shift)
                except Stuck as stuck:
                    problems.append(str(stuck))
            jobs = _count(databases, JOBS) - jobs
        names = [order.name for order in orders]
        left = outcome.read(databases, database, contender.name, names)
        run = Run(contender.name, len(shift), lap, jobs, left, problems)
        if isinstance(contender, Ours):
            _look_at_messages(databases, run)
        return run


def _look_at_messages(databases, run):
    """Nothing of ours may be left for a person to settle."""
    for row in _rows(databases, UNPOSTED):
        run.problems.append(f"{run.name}: left over: {row}")
    run.retried = _count(databases, RETRIED)
    run.traces = Traces(databases, NAME)


def _rows(databases, query):
    with databases.cursor(NAME) as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _count(databases, query):
    return _rows(databases, query)[0][0]


def ratio(rounds, left, right, of=lambda run: run.rate):
    """Median over the rounds of one contender against another in the same round."""
    return statistics.median(of(r[left]) / of(r[right]) for r in rounds)


def median(rounds, name, of=lambda run: run.rate):
    return statistics.median(of(played[name]) for played in rounds)


def rows(rounds):
    """The table: what an event costs each contender, medians of the rounds."""
    return [
        {
            "contender": name,
            "events": rounds[0][name].events,
            "events/s": median(rounds, name),
            "slowest": min(played[name].rate for played in rounds),
            "fastest": max(played[name].rate for played in rounds),
            "ms/event": 1000 / median(rounds, name),
            "cpu ms/event": 1000
            * median(rounds, name, lambda run: run.lap.cpu / run.events),
            "sql/event": _per_event(rounds, name),
            "jobs/event": median(rounds, name, lambda run: run.jobs / run.events),
        }
        for name in rounds[0]
    ]


def _per_event(rounds, name):
    if rounds[0][name].lap.statements is None:
        return None
    return median(rounds, name, lambda run: run.lap.statements / run.events)
