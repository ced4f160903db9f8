# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Stories that chance seldom tells: one for each rule of cost, lots and reversal.

A step is (type, data), the place of an earlier step that is reversed, or a list of
steps that wait together.
"""

from .common import COMPLETED, CONSUMED, REPORTED, SCRAPPED, amount, at
from .stateful_events import (
    CHIPS,
    LABOUR,
    LATE_DAY,
    NAIL,
    PAINT,
    PANEL,
    RESIN,
    RETURNED,
    event,
)

R1 = {"materialLotId": "R1"}


def make(quantity, hour=10, **data):
    return event(REPORTED, quantity=amount(quantity), time=at(hour), **data)


def line(code, quantity, unit="C62"):
    return {"materialDefinitionId": code, "quantity": amount(quantity, unit)}


def use(code, quantity, hour=9, unit="C62"):
    return event(CONSUMED, materials=[line(code, quantity, unit)], time=at(hour))


def give_back(code, quantity):
    return event(RETURNED, materials=[line(code, quantity)], time=at(13))


def scrap(quantity, day=10):
    data = {"quantity": amount(quantity), "reasonCode": "BAD"}
    return event(SCRAPPED, **data, time=at(9, day=day))


def complete():
    return event(COMPLETED, time=at(21, day=LATE_DAY))


def work(start, end):
    times = {"startTime": at(start), "endTime": at(end)}
    return event(LABOUR, operationsSegmentId="Cut", **times)


def chips(quantity):
    return {"byProducts": [line(CHIPS, quantity)]}


STORIES = {
    "use and goods joined": [
        [use(PANEL, 1, 10), use(PANEL, 2, 10), make(1), make(2)],
        0,
        make(1),
    ],
    "by-products before the goods": [
        use(NAIL, 5),
        make(2, operationsSegmentId="Cut", **chips(2)),
        make(2),
        1,
        complete(),
    ],
    "work that was never done": [work(8, 9), make(2), 0, make(2), complete()],
    "work that was never done, beside other work": [
        work(8, 10),
        make(2, **chips(1)),
        work(9, 11),
        make(1, 11),
        0,
        1,
        2,
        complete(),
    ],
    "work before each report": [work(8, 9), make(2), work(9, 11), make(1), 1],
    "told after it was derived": [make(2), use(PANEL, 3), 0, make(1, 11)],
    "given back after the end": [
        use(NAIL, 4),
        make(2, **chips(1)),
        use(NAIL, 1),
        complete(),
        give_back(NAIL, 3),
        give_back(PANEL, 1),
        0,
    ],
    "given back of two": [use(NAIL, 2), use(NAIL, 3), give_back(NAIL, 4), 1],
    "used after all": [use(NAIL, 2), use(NAIL, 2), give_back(NAIL, 3), make(2), 2, 0],
    "used after all before the goods that bear it": [
        use(NAIL, 4),
        make(2),
        give_back(NAIL, 4),
        1,
        make(1, 11),
        2,
        4,
    ],
    "used after all after the end": [
        work(8, 9),
        use(NAIL, 1),
        make(2, **chips(1)),
        use(NAIL, 4),
        complete(),
        give_back(NAIL, 5),
        5,
        4,
        make(1, 12),
    ],
    "used after all once the end is gone": [
        use(NAIL, 4),
        make(2),
        complete(),
        give_back(NAIL, 3),
        2,
        3,
        make(1, 12),
    ],
    "all used after all once the end is gone": [
        make(2),
        use(NAIL, 4),
        complete(),
        give_back(NAIL, 4),
        2,
        3,
        make(1, 12),
    ],
    "taken back with what it was used for": [use(NAIL, 4), give_back(NAIL, 1), 0, 1],
    "goods gone after the end": [make(2), make(2), use(NAIL, 4), complete(), 0, 3],
    "last goods gone after the end": [
        work(8, 9),
        make(2),
        use(NAIL, 4),
        work(10, 11),
        make(2),
        complete(),
        4,
        5,
        make(1),
    ],
    "all goods gone after the end": [
        use(NAIL, 1),
        make(2, operationsSegmentId="Cut", **chips(2)),
        make(2),
        work(9, 10),
        use(NAIL, 4),
        complete(),
        2,
        5,
        make(1),
    ],
    "given back what by-products before the goods were made of": [
        make(
            1,
            operationsSegmentId="Cut",
            materials=[line(PANEL, 1), {**line(RESIN, "0.2", "KGM"), "lots": [R1]}],
        ),
        make(
            2,
            operationsSegmentId="Cut",
            materials=[line(PAINT, 6, "GRM"), line(PANEL, 3)],
            **chips(2),
        ),
        event(RETURNED, materials=[line(PAINT, 6, "GRM")], time=at(13)),
        event(
            RETURNED,
            materials=[{**line(RESIN, "0.2", "KGM"), "lots": [R1]}],
            time=at(11),
        ),
    ],
    "by-products gone after the end": [
        use(NAIL, 5),
        make(2, operationsSegmentId="Cut", **chips(2)),
        make(2),
        complete(),
        1,
        3,
        make(1),
    ],
    "scrapped after the end": [
        make(3),
        complete(),
        scrap(1),
        scrap(2, LATE_DAY + 1),
        3,
    ],
    "open again": [work(8, 10), make(2), make(2), complete(), 3, make(1)],
    "goods after goods that are gone": [use(NAIL, 4), make(2), make(1), 1],
    "drops": [
        use(PAINT, 4, unit="GRM"),
        use(PAINT, 4, unit="GRM"),
        1,
        use(PAINT, 2, unit="GRM"),
        use(PAINT, 3, unit="GRM"),
    ],
}

# with consumption that waits for the next report, too
ALSO_SET_ASIDE = (
    "given back of two",
    "given back after the end",
    "used after all",
    "used after all before the goods that bear it",
    "used after all after the end",
    "used after all once the end is gone",
    "all used after all once the end is gone",
    "goods after goods that are gone",
    "goods gone after the end",
    "last goods gone after the end",
    "all goods gone after the end",
)
