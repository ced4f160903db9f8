# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The events of the posting workloads, as an MES would send them.

(a) A mixed shift: 50 orders, 1,000 events. The mix is the real log's, measured by
playing its 75 orders with ``plantsim`` and counting the 4,529 events that made while
set-up was told like any work. Of 1,000 events 256 are a pause, 256 a resumption, 106 a
start, 106 a completion of an operation; 214 count pieces at an operation that others
follow, 12 report finished goods, 14 the last ones (``final``); 19 are scrap, 17
components reported by hand. An order of the log has 60 events; of these 50 orders we
see 20 each, those of one shift, so not every one ends.

(b) A shift change: 20 orders, each with 100 reports of one piece, components taken by
backflush; the last report is final.

(c) One hot component: 30 orders take 4 of it, 5 times each, turn by turn.
"""

from datetime import datetime, timedelta, timezone

from plantsim.cloudevent import envelope, event_id, stamp
from plantsim.play import shuffled

from .plan import GRAM, HOT, PIECE, REASON, WARM_UP, WORKERS

SOURCE = "urn:bench"
BATCH = 100
START = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=3)
PAUSES, COUNTS, SCRAPS, ORDERS = 256, 214, 19, 50  # of (a), in all
BURST, PORTIONS = 100, 5


def of(workload, orders):
    """Events of the orders, mixed as they arrive; each order's own in order."""
    queues = [STORIES[workload](order, n) for n, order in enumerate(orders)]
    if workload == "c":
        return [event for turn in zip(*queues, strict=True) for event in turn]
    return shuffled(queues)


def batches(events):
    """As an MES sends them that was offline for a while."""
    for start in range(0, len(events), BATCH):
        yield events[start : start + BATCH]


class Story:
    """The events of one order, a minute apart."""

    def __init__(self, order, number):
        self.order, self.number = order, number
        self.events = []

    def add(self, name, **data):
        count = len(self.events) + 1
        time = START + timedelta(minutes=count)
        subject = self.order.name
        data = {"jobOrderId": subject, **data}
        if name != "material.consumed":
            data["time"] = stamp(time)
        identity = event_id("bench", subject, count)
        more = {"sequence": str(count)}
        self.events.append(
            envelope(SOURCE, subject, name, identity, time, data, **more)
        )

    def respond(self, word, position):
        self.add(
            f"jobresponse.{word}",
            operationsSegmentId=self.order.product.operations[position],
            equipmentId=self.order.product.machines[position],
            personId=WORKERS[self.number % len(WORKERS)],
        )

    def consume(self, code, value, unit):
        amount = {"value": str(value), "unitCode": unit}
        material = {"materialDefinitionId": code, "quantity": amount}
        self.add("material.consumed", materials=[material])

    def count(self, position, pieces):
        """Pieces of an operation that others follow: no stock moves."""
        self.add(
            "production.reported",
            operationsSegmentId=self.order.product.operations[position],
            quantity=_pieces(pieces),
            backflush="auto",
            final=False,
        )

    def report(self, pieces, final=False):
        """Finished goods of the order."""
        self.add(
            "production.reported",
            quantity=_pieces(pieces),
            backflush="auto",
            final=final,
            **self._lots(),
        )

    def scrap(self, pieces):
        self.add(
            "production.scrapped",
            quantity=_pieces(pieces),
            reasonCode=REASON,
            **self._lots(),
        )

    def _lots(self):
        if not self.order.product.lots:
            return {}
        return {"lots": [{"materialLotId": f"LOT-{self.order.name}"}]}


def _pieces(number):
    return {"value": str(number), "unitCode": PIECE}


def _share(total, number, among):
    """The part of the number-th of so many, whole numbers that add up to the total."""
    return total * (number + 1) // among - total * number // among


def _mixed(order, number):
    """One order's shift. Which ones take a component by hand and which finish goods
    follows from the number, so that the 50 come to the log's shares."""
    number %= ORDERS
    finishes = number % 3 == 0 or number % 4 == 1
    final = number % 6 == 0 or (number % 8 == 1 and number % 3 != 0)
    return _shift(
        order,
        number,
        pauses=_share(PAUSES, number, ORDERS),
        counts=_share(COUNTS, number, ORDERS),
        scraps=_share(SCRAPS, number, ORDERS),
        partial=finishes and not final,
        final=final,
    )


def _shift(order, number, pauses, counts, scraps, partial, final):
    story, last = Story(order, number), len(order.product.operations) - 1
    for position in range(last + 1):
        story.respond("started", position)
        if position == 0 and order.product.by_hand:
            story.consume(order.product.components[-1], 1250, GRAM)
        stops = _share(pauses, position, last + 1)
        pieces = _share(counts, position, last) if position < last else 0
        for turn in range(max(stops, pieces)):
            if turn < pieces:
                story.count(position, 5)
            if turn < stops:
                story.respond("paused", position)
                story.respond("resumed", position)
        if position == last:
            for _scrap in range(scraps):
                story.scrap(1)
            if partial:
                story.report(20)
        story.respond("completed", position)
    if final:
        story.report(order.quantity - scraps, final=True)
    return story.events


def _warm_up(order, number):
    """One of everything."""
    return _shift(
        order, number, pauses=1, counts=1, scraps=1, partial=False, final=True
    )


def _burst(order, number):
    story = Story(order, number)
    for piece in range(1, BURST + 1):
        story.report(1, final=piece == BURST)
    return story.events


def _hot(order, number):
    story = Story(order, number)
    for _portion in range(PORTIONS):
        story.consume(HOT, 4, PIECE)
    return story.events


STORIES = {WARM_UP: _warm_up, "a": _mixed, "b": _burst, "c": _hot}
