# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a plant's events mean, by the integrator's guide alone (docs/messages)."""

from collections import Counter
from copy import deepcopy
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from .stateful_model import Fact, Span, Use
from .stateful_reversal import Refused, Reversals

UNITS = {"C62": Decimal(1), "KGM": Decimal(1), "GRM": Decimal("0.001")}
DIGIT = Decimal("0.01")  # what quantities are rounded to


class Plant(Reversals):
    """Takes one event after another."""

    def __init__(self, bill, stock):
        super().__init__(bill, stock)
        self.lots = set()  # of the goods, known so far
        self.heard = {}  # event id -> its fact; None: it has no effect (any more)
        self.reversed = set()  # event ids
        self.approved = ()  # codes that a person lets pass

    def tell(self, event, approved=()):
        """The code with which an event is refused; None: it took effect."""
        trial = deepcopy(self)
        trial.approved = approved
        try:
            trial._take(event)
        except Refused as refused:
            return refused.code
        vars(self).update(vars(trial))
        return None

    def give_up(self, event):
        """A person cancels an event that was refused."""
        self.heard[event["id"]] = None

    def _take(self, event):
        words = event["type"].split(".")[1:3]
        fact = Fact(event)
        getattr(self, "_" + "_".join(words))(fact, event["data"])
        self.heard[event["id"]] = fact
        self.facts.append(fact)

    def _insist(self, code):
        if code not in self.approved:
            raise Refused(code)

    def _check_open(self):
        if self.closed_by:
            raise Refused("order-not-open")

    def _is_over(self, time):
        return self.closed_by and time > moment(self.closed_by.event["data"]["time"])

    # -- production ------------------------------------------------------------------

    def _production_reported(self, fact, data):
        self._check_open()
        last = self.bill.operations[-1]
        segment, final = data.get("operationsSegmentId"), data.get("final")
        finished = final or segment in (None, last)
        made, time = amount(data["quantity"]), moment(data["time"])
        lots = self._lots_of(data, made, self.bill.tracked) if finished else {}
        wanted = self._wanted(fact, data)
        if finished and self.made() + made > self.bill.ordered:
            self._insist("over-tolerance")
        if final:
            self._end_work(fact, time)
        if finished:
            wanted += self._derived_from(fact, made, data.get("backflush", "auto"))
        if wanted or finished:
            self._use_up(fact, wanted, time)
        self._put(fact, data, lots)
        fact.counted[segment or last] += made
        if final:
            self._close(fact, time)

    def _put(self, fact, data, lots):
        for part in data.get("byProducts", ()):
            fact.by_product += amount(part["quantity"])
        self.lots |= set(lots)
        self.facts.append(fact)
        self.put_into_stock(fact, lots)
        self.facts.remove(fact)

    def _derived_from(self, fact, made, mode):
        """(product, lot, exact quantity, derived) that follow from the goods."""
        wanted = []
        for component in self.bill.components:
            by_hand = component.by_hand and mode != "always"
            named = component.name in fact.named or self.is_named(component.name)
            if mode == "never" or by_hand or named:
                continue
            if component.tracked:
                raise Refused("lot-required")
            exact = component.per_piece * made
            exact -= self._replaced_of(fact, component.name, exact)
            wanted.append((component.name, "", exact, True))
        return wanted

    def _replaced_of(self, fact, product, exact):
        """So much of it substitutes stood in for, and is not derived."""
        others = sum(other.replaced[product] for other in self.facts)
        part = min(others + fact.replaced[product], exact)
        fact.replaced[product] -= part
        return part

    def _production_scrapped(self, fact, data):
        product = data.get("materialDefinitionId", self.bill.goods)
        own = product == self.bill.goods
        in_stock = not own or self._is_over(moment(data["time"]))
        tracked = self.bill.tracked if own else self._is_tracked(product)
        total = amount(data["quantity"])
        lots = self._lots_of(data, total, tracked, product if in_stock else None)
        if own:
            self.lots |= set(lots)
        for lot, exact in lots.items():
            quantity = self._carry(fact, ("scrapped", product, lot), exact)
            if in_stock and quantity > self.free(product, lot):
                raise Refused("shortage")
            fact.scraps.append((product, lot, quantity, in_stock))

    def _production_reworked(self, fact, data):
        """Of pieces in process: beside the flow, and no stock moves."""
        self._check_open()
        fact.reworks = [part["name"] for part in data["segments"]]

    # -- material --------------------------------------------------------------------

    def _material_consumed(self, fact, data):
        self._check_open()
        time = moment(data["time"])
        wanted = self._wanted(fact, data, since=time)
        self._use_up(fact, wanted, None if self.bill.staged else time)

    def _wanted(self, fact, data, since=None):
        """What an event says was used; of a late one a part was derived already."""
        wanted = []
        for line in data.get("materials", ()):
            product, lots = self._lots_of_line(line)
            fact.named.add(product)
            if planned := line.get("substitutes"):
                instead = planned.get("quantity", line["quantity"])
                fact.replaced[planned["materialDefinitionId"]] += amount(instead)
            if since and not self._is_tracked(product):
                derived = self._derived_since(product, since)
                covered = sum(other.covered[product] for other in self.facts)
                part = min(max(derived - covered, Decimal()), lots[""])
                fact.covered[product] += part
                lots[""] -= part
            wanted += [(product, lot, part, False) for lot, part in lots.items()]
        return wanted

    def _derived_since(self, product, time):
        return sum(
            use.quantity
            for use in self.uses()
            if use.product == product and use.derived and use.at >= time
        )

    def _use_up(self, fact, wanted, time):
        """Take from stock, with what was set aside; or set aside (no time)."""
        for product, lot, exact, derived in wanted:
            quantity = self._carry(fact, ("used", product, lot), exact)
            if quantity > 0:
                fact.uses.append(self._new_use(product, lot, quantity, derived))
        self._check_stock(fact, time)
        if time:
            self._post([*self.uses(), *fact.uses], time)

    def _check_stock(self, fact, _time):
        asked = Counter()
        for use in fact.uses:
            asked[use.product, use.lot] += use.quantity
        for (product, lot), quantity in asked.items():
            if quantity > self.free(product, lot):
                raise Refused("shortage")

    def _new_use(self, *what):
        self.newest_use += 1
        return Use(*what, number=self.newest_use)

    def _post(self, uses, time):
        for use in uses:
            use.at = use.at or time

    def _carry(self, fact, key, exact):
        """Round half up, with what was left over before."""
        left = sum((other.residues[key] for other in self.facts), fact.residues[key])
        posted = (left + exact).quantize(DIGIT, ROUND_HALF_UP)
        fact.residues[key] += exact - posted
        return posted

    def _material_returned(self, fact, data):
        for line in data["materials"]:
            product, lots = self._lots_of_line(line)
            for lot, exact in lots.items():
                quantity = -self._carry(fact, ("used", product, lot), -exact)
                self._give_back(fact, product, lot, quantity)

    def _give_back(self, fact, product, lot, quantity):
        """The newest use becomes less."""
        for use in sorted(self.uses(), key=lambda use: -use.number):
            part = min(use.quantity, quantity)
            if (use.product, use.lot) == (product, lot) and part > 0:
                use.quantity -= part
                quantity -= part
                fact.returned.append((use, part, not use.at))
        if quantity > 0:
            raise Refused("quantity-invalid")

    # -- lots ------------------------------------------------------------------------

    def _lots_of_line(self, line):
        product = line["materialDefinitionId"]
        tracked = self._is_tracked(product)
        return product, self._lots_of(line, amount(line["quantity"]), tracked, product)

    def _lots_of(self, data, total, tracked, known_of=None):
        """lot -> quantity; one without name where lots are not tracked.

        :param known_of: the product whose lots have to be known
        """
        given = data.get("lots", ())
        if bool(given) != tracked:
            raise Refused("lot-required" if tracked else "lot-mismatch")
        lots = {
            lot["materialLotId"]: amount(lot.get("quantity", data["quantity"]))
            for lot in given
        }
        if known_of and not all(self._is_known(known_of, lot) for lot in lots):
            raise Refused("unknown-lot")
        if given and (sum(lots.values()) != total or len(lots) < len(given)):
            raise Refused("lot-mismatch")
        return lots or {"": total}

    def _is_known(self, product, lot):
        made = product == self.bill.goods and lot in self.lots
        return made or (product, lot) in self.stock

    def _is_tracked(self, product):
        return any(c.tracked for c in self.bill.components if c.name == product)

    # -- work ------------------------------------------------------------------------

    def _jobresponse_started(self, fact, data):
        operation = self._operation_at_work(data)
        span = Span(operation, data.get("personId"), moment(data["time"]))
        fact.spans.append(span)

    _jobresponse_resumed = _jobresponse_started

    def _jobresponse_paused(self, fact, data):
        operation, person = self._operation_at_work(data), data.get("personId")
        running = [
            span
            for span in self.spans()
            if (span.operation, span.person, span.end) == (operation, person, None)
        ]
        if not running:
            raise Refused("time-invalid")
        self._end(fact, [min(running, key=lambda s: s.start)], moment(data["time"]))

    def _jobresponse_completed(self, fact, data):
        time = moment(data["time"])
        if "operationsSegmentId" not in data:
            self._check_open()
            self._close(fact, time)
            return
        fact.over = self._operation_at_work(data)
        self._end_work(fact, time, fact.over)

    def _operation_at_work(self, data):
        self._check_open()
        if self.is_over(data["operationsSegmentId"]):
            raise Refused("order-not-open")
        return data["operationsSegmentId"]

    def _end_work(self, fact, time, operation=None):
        """Nobody works any more, at an operation or anywhere."""
        spans = [span for span in self.spans() if not span.end]
        self._end(fact, [s for s in spans if operation in (None, s.operation)], time)

    def _end(self, fact, spans, time):
        for span in spans:
            if span.start > time:
                raise Refused("time-invalid")
            span.end = time
            fact.ended.append(span)

    def _labor_reported(self, fact, data):
        start, end = moment(data["startTime"]), moment(data["endTime"])
        operation, person = data["operationsSegmentId"], data.get("personId")
        for span in self.spans():
            if (span.operation, span.person) == (operation, person):
                same = (span.start, span.end) == (start, end)
                if same or person and span.meets(start, end):
                    raise Refused("time-overlap")
        fact.late = bool(self.closed_by)
        fact.spans.append(Span(operation, person, start, end))

    # -- the end ---------------------------------------------------------------------

    def _close(self, fact, time):
        self.facts.append(fact)
        self._post(self.uses(), time)
        self._end_work(fact, time)
        self.labour_at_end = self.labour()
        self.bear_late()
        self.facts.remove(fact)
        self.closed_by = fact

    def _reopen(self):
        self.closed_by = None
        self.unbear_late()


def amount(given):
    return Decimal(given["value"]) * UNITS[given["unitCode"]]


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=None)
