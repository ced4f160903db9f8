# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A job order whose unmade rest is a backorder: one order after another, one stock."""

from collections import Counter
from copy import deepcopy
from dataclasses import replace

from .stateful_plant import Plant, moment
from .stateful_reversal import Refused

LABOUR, SCRAPPED, RETURNED, REVERSED = "labor", "scrapped", "returned", "reversed"


class Member(Plant):
    """One order of the family, among its sisters."""

    def __init__(self, bill, family):
        super().__init__(bill, family.stock)
        self.lots, self.heard, self.reversed = (
            family.lots,
            family.heard,
            family.reversed,
        )
        self.begun = False
        self.named_before = set()  # components, on the orders before

    def is_named(self, product):
        return product in self.named_before or super().is_named(product)

    def changes(self):
        changes = self.on_hand()
        changes.subtract(self.stock)
        return changes

    def _take(self, event):
        self.begun = True
        return super()._take(event)


class Family:
    """Says which order an event is about, and makes a rest when one ends early."""

    def __init__(self, bill, stock):
        self.stock = stock
        self.lots, self.heard, self.reversed = set(), {}, set()
        self.members = [Member(bill, self)]

    # -- as a single order is asked ----------------------------------------------------

    @property
    def bill(self):
        return self.members[-1].bill

    @property
    def facts(self):
        return [fact for member in self.members for fact in member.facts]

    @property
    def closed_by(self):
        return self.members[-1].closed_by

    def made(self):
        return self.members[-1].made()

    def reworks(self):
        return self.members[-1].reworks()

    def give_up(self, event):
        self.heard[event["id"]] = None

    def tell(self, event, approved=()):
        trial = deepcopy(self)
        try:
            trial._take(event, approved)
        except Refused as refused:
            return refused.code
        vars(self).update(vars(trial))
        return None

    def picture(self):
        """Of each order, and of the stock they share."""
        shown = {"stock": {}}
        for number, member in enumerate(self.members):
            self._share_stock(member)
            own = member.picture()
            shown["stock"] = own.pop("stock")
            shown.update({f"{part} of {number}": own[part] for part in own})
        return shown

    # -- one event -------------------------------------------------------------------

    def _take(self, event, approved):
        member = self._meant(event)
        was_open = not member.closed_by
        member.approved = approved
        self._share_stock(member)
        if self._ends_nothing(member, event):
            self.heard[event["id"]] = None
            return
        self._check_reversible(member, event)
        member._take(event)
        if was_open and member.closed_by:
            self._make_rest(member)

    def _share_stock(self, member):
        """What the others took and made is no news to it."""
        stock = Counter(self.stock)
        for other in self.members:
            if other is not member:
                stock.update(other.changes())
        member.stock = dict(stock)

    def _make_rest(self, member):
        rest = member.bill.ordered - member.made()
        if rest > 0:
            member.bill = replace(member.bill, ordered=member.made())
            new = Member(replace(member.bill, ordered=rest), self)
            names = {component.name for component in member.bill.components}
            new.named_before = {name for name in names if member.is_named(name)}
            self.members.append(new)

    def _ends_nothing(self, member, event):
        """An order of which nothing was made stays open."""
        whole = "operationsSegmentId" not in event["data"]
        over = event["type"] == "mfg.jobresponse.completed.v1" and whole
        return over and not member.closed_by and not member.made()

    def _check_reversible(self, member, event):
        """What its rest was cut to stays made."""
        fact = self.heard.get(event["data"].get("eventId"))
        if fact and member is not self.members[-1]:
            if fact.goods or fact.by_product or fact is member.closed_by:
                raise Refused("not-reversible")

    # -- which order -------------------------------------------------------------------

    def _meant(self, event):
        what, data = event["type"].split(".")[-2], event["data"]
        if what == REVERSED:
            return self._member_of(self.heard.get(data["eventId"]))
        if what == RETURNED:
            return self._consumer(data)
        if what == SCRAPPED:
            return self._scrapping(data)
        return self._at_work(moment(data["endTime"]) if "endTime" in data else None)

    def _member_of(self, fact):
        found = [member for member in self.members if fact in member.facts]
        return found[0] if fact and found else self.members[-1]

    def _at_work(self, time=None):
        """The order that was worked on then, else the open one, else the last."""
        for member in self.members:
            closed = member.closed_by
            if closed and time and time <= moment(closed.event["data"]["time"]):
                return member
        return self.members[-1]

    def _consumer(self, data):
        """The newest that used, or set aside, all of it."""
        named = {line["materialDefinitionId"] for line in data["materials"]}
        for member in reversed(self.members):
            if named <= {use.product for use in member.uses()}:
                return member
        return self._at_work()

    def _scrapping(self, data):
        """Goods are of the order that made them; of one not begun there are none."""
        member = self._at_work(moment(data["time"]))
        if data.get("materialDefinitionId", member.bill.goods) != member.bill.goods:
            return member
        named = {lot["materialLotId"] for lot in data.get("lots", ())}
        makers = [m for m in self.members if named & {*m.made_of_lots()}]
        if makers and member not in makers:
            return makers[-1]
        ended = [m for m in self.members if m.closed_by]
        return member if member.closed_by or member.begun or not ended else ended[-1]
