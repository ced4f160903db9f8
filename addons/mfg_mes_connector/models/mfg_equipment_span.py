# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""When a machine was down, made out of everything that was said about it.

Plain functions of the facts, so that late, repeated, contradicting and reversed events
need no rules of their own: the facts change and the spans are made anew.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


@dataclass
class Span:
    """A machine is down from start until end (UTC; None: still), for one reason."""

    start: datetime
    end: datetime | None
    fact: object  # what says why, and of which work centre
    order: object = None  # the production order that was interrupted, where told


def of_states(facts):
    """Spans of what was said of states; a state lasts until the next one begins.

    What repeats the state before goes on with its span. Of two that begin together
    the later word counts.

    :param facts: state facts of one machine, by time, then arrival
    """
    spans = []
    for fact, following in pairwise([*facts, None]):
        end = _earlier(fact.date_end, following and following.date_start)
        if not fact.loss_id or (end and end <= fact.date_start):
            continue
        last = spans[-1] if spans else None
        if last and last.end == fact.date_start and last.fact._is_like(fact):
            last.end = end
        else:
            spans.append(Span(fact.date_start, end, fact))
    return spans


def of_stops(facts, running_after):
    """Spans of what was said of downtimes.

    Events of one stop (the same beginning) complete each other: the last reason, the
    last end and the last order that were given count. A stop whose end nobody gave
    ends where the next one begins or where the machine is said to run.

    :param facts: downtime facts of one machine, by time, then arrival
    :param running_after: time -> when the machine was first said to run after it
    """
    stops = {}
    for fact in facts:
        stops.setdefault(fact.date_start, []).append(fact)
    spans = []
    for (start, told), (following, _told) in pairwise([*stops.items(), (None, None)]):
        end = _last(fact.date_end for fact in told)
        end = end or _earlier(following, running_after(start))
        order = _last(fact.production_id for fact in told)
        if told[-1].loss_id:
            spans.append(Span(start, end, told[-1], order))
    return spans


def _last(values):
    return next((value for value in reversed([*values]) if value), None)


def _earlier(*times):
    return min((time for time in times if time), default=None)
