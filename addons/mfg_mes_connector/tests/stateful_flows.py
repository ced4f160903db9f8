# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Stories of what chance seldom brings together: substitutes, rework, approvals, other
prices, shortages, backorders. Steps are as in stateful_stories.py, or what the planner
or the store does, as a function of the machine.
"""

from .common import REPORTED, SCRAPPED, STARTED, amount, at
from .stateful_events import (
    LATE_DAY,
    NAIL,
    PAINT,
    PANEL,
    REWORKED,
    event,
)
from .stateful_stories import (
    chips,
    complete,
    give_back,
    line,
    make,
    scrap,
    use,
    work,
)


def instead(quantity, panels=None):
    """Nails in the place of panels."""
    planned = {"materialDefinitionId": PANEL}
    if panels:
        planned["quantity"] = amount(panels)
    return {**line(NAIL, quantity), "substitutes": planned}


def end(quantity, **data):
    return event(
        REPORTED,
        quantity=amount(quantity),
        time=at(20, day=LATE_DAY),
        final=True,
        **data,
    )


def work_over(name):
    part = {"operationsSegmentId": "Cut", "name": name}
    data = {"quantity": amount(1), "reasonCode": "BAD", "segments": [part]}
    return event(REWORKED, **data, time=at(9))


def begin(operation):
    return event(STARTED, operationsSegmentId=operation, time=at(9))


def approved(quantity):
    """Too much, and the planner lets it pass."""
    return lambda machine: machine.tell(make(quantity), approved=True)


def buy(product, quantity, price):
    return lambda machine: machine.receive(product, quantity, price)


def bring(product, quantity):
    return lambda machine: machine.receive(product, quantity)


BARE = {"backflush": "never"}
CHIPS_FIRST = make(
    1,
    8,
    operationsSegmentId="Cut",
    materials=[line(PAINT, 6, "GRM"), line(NAIL, 2)],
    **chips(1),
    **BARE,
)

FLOWS = {
    "used in the place of another": [
        event("mfg.material.consumed.v1", materials=[instead(3)], time=at(9)),
        make(1),
        make(1),
        0,
        make(1),
    ],
    "two for one": [make(2, materials=[instead(4, 2)]), make(1), 0],
    "too much": [make(3), approved(8), make(1), 1],
    "worked over": [
        make(2),
        work_over("Again"),
        begin("Again"),
        1,
        make(1, operationsSegmentId="Again"),
        complete(),
        1,
    ],
    "not worked over": [work_over("Again"), 0, make(1), complete()],
    "the end after by-products": [CHIPS_FIRST, end(1, **BARE), 1, make(2)],
    "goods after by-products": [CHIPS_FIRST, make(1, **BARE), 1, make(2), complete()],
    "more by-products": [CHIPS_FIRST, make(1, **chips(1), **BARE), 1, make(2), 0],
    "by-products taken back": [CHIPS_FIRST, make(1, **BARE), 0, make(2), 1, make(1)],
}

OTHER_PRICES = {
    "between two reports": [
        make(2),
        buy(PANEL, 7, 11),
        make(2, 11),
        0,
        buy(PANEL, 3, 2),
        make(3, 12),
        complete(),
    ],
    "given back at the price of then": [
        use(NAIL, 4),
        buy(NAIL, 7, 11),
        use(NAIL, 4),
        give_back(NAIL, 5),
        make(2),
        3,
        0,
    ],
}

SHORTAGES = {
    "by and by": [make(4), bring(PANEL, 1), bring(PANEL, 1), bring(PANEL, 9), make(1)],
    "one after another": [
        use(NAIL, 4),
        make(1),
        use(NAIL, 2),
        make(1),
        bring(NAIL, 3),
        bring(NAIL, 5),
        0,
    ],
    "used beside what waits": [make(4), use(PANEL, 1), bring(PANEL, 9), complete()],
    "after the end": [
        make(4),
        use(NAIL, 4),
        complete(),
        bring(PANEL, 5),
        bring(NAIL, 5),
    ],
    "taken back while it waits": [make(4), 0, make(2), make(2), 2, bring(PANEL, 5)],
    "taken back once it came": [make(4), make(1), bring(PANEL, 9), 0, 1, make(2)],
    "served by what comes back": [
        use(NAIL, 2),
        use(NAIL, 1),
        give_back(NAIL, 2),
        make(1),
    ],
    "by-products before the goods": [
        make(2, operationsSegmentId="Cut", materials=[line(NAIL, 4)], **chips(2)),
        bring(NAIL, 5),
        make(2),
        complete(),
    ],
    "opened again": [make(4), complete(), bring(PANEL, 5), 1, make(1), 0],
}

BACKORDERS = {
    "rest of a rest": [make(3), end(2), make(1), end(1), make(1), complete()],
    "all made": [end(4), make(2), end(4), 2, make(1)],
    "nothing made": [use(NAIL, 1), complete(), make(2), complete(), complete()],
    "what is reported is not derived on the rest": [
        make(2, materials=[line(PANEL, 1)]),
        complete(),
        make(1),
    ],
    "of which order": [
        work(8, 9),
        make(2),
        end(1),
        scrap(1),
        event(SCRAPPED, **line(NAIL, 1), reasonCode="BAD", time=at(9)),
        give_back(PANEL, 1),
        work(10, 11),
        make(1),
        give_back(PANEL, 1),
        scrap(1, LATE_DAY + 1),
        6,
        5,
    ],
    "what its rest was cut to": [use(NAIL, 2), make(3), end(1), 2, 1, 0, make(1), 6],
}
