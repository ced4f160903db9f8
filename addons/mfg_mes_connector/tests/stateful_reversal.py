# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What it means that an event was wrong (docs/messages/event.reversed.md)."""

from .stateful_model import Ledger


class Refused(Exception):
    """The event has no effect; its code says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Reversals(Ledger):
    """Takes an event back, as if it had never come."""

    def _event_reversed(self, _fact, data):
        original = data["eventId"]
        if original not in self.heard:
            raise Refused("original-missing")
        if original in self.reversed:
            raise Refused("already-reversed")
        fact = self.heard[original]
        if fact:
            self._take_back(fact)
        self.reversed.add(original)
        self.heard[original] = None

    def _take_back(self, fact):
        kind = fact.event["type"].split(".")[1]
        if fact.event["type"] == "mfg.event.reversed.v1":
            raise Refused("not-reversible")
        if self.closed_by is fact:
            self._reopen()
        if kind in ("jobresponse", "labor") and self.closed_by and not fact.late:
            raise Refused("not-reversible")
        self._check_work(fact, kind)
        self._check_rework(fact)
        self._check_there(fact)
        self._use_after_all(fact)
        if kind in ("jobresponse", "labor"):
            self.forget([*fact.spans, *fact.ended])
        for span in fact.ended:
            span.end = None
        self.unbear_late()
        if fact.goods:
            self._without(fact)
        self.facts.remove(fact)
        if self.closed_by:
            self.bear_late()

    def _check_work(self, fact, kind):
        """The end of work is taken back before its beginning."""
        if kind != "jobresponse":
            return
        ended = any(span.end for span in fact.spans)
        over = any(self._over_by_another(fact, s.operation) for s in fact.ended)
        if ended or over:
            raise Refused("not-reversible")

    def _check_rework(self, fact):
        """Nothing was done at its operations."""
        for operation in fact.reworks:
            worked = any(span.operation == operation for span in self.spans())
            if worked or self.counted()[operation] or self.is_over(operation):
                raise Refused("not-reversible")

    def _over_by_another(self, fact, operation):
        return any(f.over == operation for f in self.facts if f is not fact)

    def _check_there(self, fact):
        """Goods can only be taken back from where they are."""
        there = self.on_hand()
        for lot, quantity in fact.goods.lots.items() if fact.goods else ():
            if quantity > there[self.bill.goods, lot]:
                raise Refused("not-reversible")

    def _use_after_all(self, fact):
        """What came back is used again, or set aside for the next report."""
        for use, part, set_aside in fact.returned:
            users = [other for other in self.facts if use in other.uses]
            gone = part > self.free(use.product, use.lot)
            if not users or gone or set_aside and self.closed_by:
                raise Refused("not-reversible")
            if set_aside:
                what = use.product, use.lot, part, use.derived
                users[0].uses.append(self._new_use(*what))
            else:
                use.quantity += part

    def _without(self, fact):
        uses, fact.uses = fact.uses, []
        self.take_off(fact.goods)
        fact.uses = uses
