# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Events that a plant might send about an order, as Hypothesis strategies."""

from hypothesis import strategies as st

from .common import (
    COMPLETED,
    CONSUMED,
    PAUSED,
    REPORTED,
    RESUMED,
    SCRAPPED,
    STARTED,
    amount,
    at,
)

RETURNED = "mfg.material.returned.v1"
LABOUR = "mfg.labor.reported.v1"
REWORKED = "mfg.production.reworked.v1"
REVERSED = "mfg.event.reversed.v1"
OPERATIONS = ("Cut", "Glue")
GOODS, CHIPS = "STOOL", "CHIPS"
PANEL, PAINT, RESIN, NAIL = COMPONENTS = "PANEL", "PAINT", "RESIN", "NAIL"
LATE_DAY = 11

hours = st.sampled_from(range(6, 18))
rarely = st.sampled_from([False] * 9 + [True])
times = st.builds(at, hours)
segments = st.sampled_from([None, *OPERATIONS])


def event(event_type, **data):
    """(type, data) with what is not said left out."""
    told = {name: value for name, value in data.items() if value not in (None, [])}
    return event_type, told


def lot(name, quantity=None, unit="C62"):
    given = {"materialLotId": name}
    return given if quantity is None else {**given, "quantity": amount(quantity, unit)}


@st.composite
def goods(draw, tracked, most=4):
    """Quantity and lots of what is made; sometimes the lots are forgotten."""
    quantity = draw(st.sampled_from(range(1, most + 1)))
    if not tracked or draw(rarely):
        return {"quantity": amount(quantity)}
    names = draw(st.permutations(["L1", "L2", "L3"]))
    lots = [lot(names[0])]
    if quantity > 1 and draw(st.booleans()):
        lots = [lot(names[0], 1), lot(names[1], quantity - 1)]
    return {"quantity": amount(quantity), "lots": lots}


@st.composite
def material(draw):
    """A line of materials: by piece, by weight, by lot, beyond the bill."""
    product = draw(st.sampled_from(COMPONENTS))
    line = {"materialDefinitionId": product}
    if product in (PANEL, NAIL):
        return {**line, "quantity": amount(draw(st.sampled_from(range(1, 6))))}
    grams = st.sampled_from([4, 6, 250, 700, 900])
    quantity = amount(draw(grams), "GRM")
    if product == PAINT:
        return {**line, "quantity": quantity}
    kilos = draw(st.sampled_from(["0.2", "0.5", "0.8"]))
    name = "R9" if draw(rarely) else draw(st.sampled_from(["R1", "R2"]))
    lots = {} if draw(rarely) else {"lots": [lot(name)]}
    return {**line, "quantity": amount(kilos, "KGM"), **lots}


@st.composite
def used_material(draw):
    """Nails may be used in the place of panels: as many, or two for one."""
    line = draw(material())
    if line["materialDefinitionId"] != NAIL or draw(st.booleans()):
        return line
    instead = {"materialDefinitionId": PANEL}
    if draw(st.booleans()):
        instead["quantity"] = amount("0.5")
    return {**line, "substitutes": instead}


materials = st.lists(
    used_material(),
    min_size=1,
    max_size=2,
    unique_by=lambda m: m["materialDefinitionId"],
)


@st.composite
def reports(draw, tracked):
    waste = draw(st.sampled_from([0, 0, 0, 1, 2]))
    parts = [{"materialDefinitionId": CHIPS, "quantity": amount(waste)}]
    return event(
        REPORTED,
        **draw(goods(tracked)),
        operationsSegmentId=draw(segments),
        byProducts=parts if waste else [],
        materials=draw(st.one_of(st.just([]), materials)),
        backflush=draw(st.sampled_from([None, None, "never", "always"])),
        time=draw(times),
    )


@st.composite
def final_reports(draw, tracked):
    _type, data = draw(reports(tracked))
    return event(REPORTED, **{**data, "final": True, "time": at(20, day=LATE_DAY)})


def completions():
    return st.just(event(COMPLETED, time=at(21, day=LATE_DAY)))


def consumptions():
    return st.builds(
        lambda lines, time: event(CONSUMED, materials=lines, time=time),
        materials,
        times,
    )


def returns():
    return st.builds(
        lambda line, time: event(RETURNED, materials=[line], time=time),
        material(),
        times,
    )


@st.composite
def scraps(draw, tracked):
    data = draw(goods(tracked, most=2))
    if draw(st.booleans()):
        line = draw(material())
        data = {**line, "materialDefinitionId": line["materialDefinitionId"]}
    return event(SCRAPPED, **data, reasonCode="BAD", time=draw(times))


@st.composite
def reworks(draw, name):
    """Pieces in process are worked over at an operation of its own."""
    part = {"operationsSegmentId": draw(st.sampled_from(OPERATIONS)), "name": name}
    return event(
        REWORKED,
        quantity=amount(draw(st.sampled_from([1, 2]))),
        reasonCode="BAD",
        segments=[part],
        time=draw(times),
    )


@st.composite
def work_over(draw, names):
    """What is done at operations of rework: pieces are counted, and in no stock."""
    counted = st.builds(
        lambda name, quantity, time: event(
            REPORTED, operationsSegmentId=name, quantity=amount(quantity), time=time
        ),
        st.sampled_from(names),
        st.sampled_from([1, 2]),
        times,
    )
    return draw(st.one_of(jobs(names), jobs(names), counted))


persons = st.sampled_from([None, None, "A1"])


@st.composite
def jobs(draw, operations=OPERATIONS):
    event_type = draw(st.sampled_from([STARTED, PAUSED, PAUSED, RESUMED, COMPLETED]))
    over = event_type == COMPLETED
    return event(
        event_type,
        operationsSegmentId=draw(st.sampled_from(operations)),
        personId=None if over else draw(persons),
        time=at(18, day=LATE_DAY) if over else draw(times),
    )


@st.composite
def labour(draw):
    start = draw(hours)
    return event(
        LABOUR,
        operationsSegmentId=draw(st.sampled_from(OPERATIONS)),
        personId=draw(persons),
        startTime=at(start),
        endTime=at(start + draw(st.integers(1, 3))),
    )


def facts(tracked):
    """Any event but an end or a reversal."""
    return st.one_of(
        reports(tracked),
        reports(tracked),
        consumptions(),
        returns(),
        scraps(tracked),
        jobs(),
        labour(),
    )
