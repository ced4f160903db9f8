# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""An order at a plant as facts and sums, without Odoo.

Facts are kept in the order in which they took effect, each with its own effects;
stock, consumption, labour, genealogy and cost are sums over those that were not
reversed. What an event means is in stateful_plant.py.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

LATE = "all goods of the order"  # who bears what came after the last goods


@dataclass(frozen=True)
class Component:
    """A line of the bill of materials."""

    name: str
    per_piece: Decimal
    by_hand: bool = False  # consumed in an operation: the plant reports it
    tracked: bool = False


@dataclass(frozen=True)
class Bill:
    """An order: what is made, of what, how."""

    goods: str
    ordered: Decimal
    components: tuple
    operations: tuple
    by_product: str
    share: Decimal  # of the cost, that the by-product bears
    tracked: bool
    prices: dict
    by_cost: bool  # goods are worth what they cost; else their fixed price
    staged: bool  # consumption waits for the next report
    rate: Decimal = Decimal(1)  # of a minute of work


@dataclass(eq=False)
class Use:
    """A part of a component's lot that one fact used up."""

    product: str
    lot: str
    quantity: Decimal
    derived: bool = False
    at: datetime | None = None  # None: only set aside
    bearer: object = None  # Goods, LATE, or nobody yet
    number: int = 0  # rising: what is newer has a higher one
    price: Decimal | None = None  # where prices move: what it cost when it was posted


@dataclass(eq=False)
class Goods:
    """What one report put into stock."""

    lots: dict
    labour: Decimal = Decimal()  # cost of the work since the report before it
    spans: list = field(default_factory=list)  # that work, as it was then


@dataclass(eq=False)
class Span:
    """Somebody's time at an operation."""

    operation: str
    person: str | None
    start: datetime
    end: datetime | None = None

    def noted(self):
        """As it is now, whatever becomes of it."""
        return Noted(self, self.operation, self.start, self.end)

    def meets(self, start, end):
        return start < (self.end or datetime.max) and end > self.start


@dataclass(frozen=True)
class Noted:
    span: Span
    operation: str
    start: datetime
    end: datetime


@dataclass(eq=False)
class Fact:
    """An event that took effect, and how."""

    event: dict
    uses: list = field(default_factory=list)
    goods: Goods | None = None
    by_product: Decimal = Decimal()
    alone: Decimal = Decimal()  # cost that by-products took before any goods
    scraps: list = field(default_factory=list)  # (product, lot, quantity, in stock)
    counted: Counter = field(default_factory=Counter)  # pieces per operation
    spans: list = field(default_factory=list)  # that it began
    ended: list = field(default_factory=list)  # that it ended
    over: str | None = None  # the operation that it ended
    residues: Counter = field(default_factory=Counter)
    covered: Counter = field(default_factory=Counter)  # derived before it was told
    named: set = field(default_factory=set)  # components that the plant reports
    late: bool = False  # labour of an order that is closed
    returned: list = field(default_factory=list)  # (use, quantity, it was set aside)
    reworks: list = field(default_factory=list)  # operations that it added
    replaced: Counter = field(default_factory=Counter)  # by substitutes
    waits: list = field(default_factory=list)  # for stock (stateful_shortage.py)


class Ledger:
    """One order, the stock around it, and what they are worth."""

    def __init__(self, bill, stock):
        self.bill = bill
        self.stock = dict(stock)  # (product, lot) -> quantity at the beginning
        self.facts = []
        self.closed_by = None
        self.labour_at_end = Decimal()  # what is told later is in no goods
        self.late_labour = Decimal()
        self.newest_use = 0

    # -- sums ------------------------------------------------------------------------

    def uses(self):
        return [use for fact in self.facts for use in fact.uses]

    def parts(self):
        """The goods, report by report."""
        return [fact.goods for fact in self.facts if fact.goods]

    def made(self):
        return sum(self.made_of_lots().values())

    def made_of_lots(self):
        lots = Counter()
        for part in self.parts():
            lots.update(part.lots)
        return lots

    def used(self, posted=True):
        used = Counter()
        for use in self.uses():
            if bool(use.at) == posted:
                used[use.product, use.lot] += use.quantity
        return used

    def on_hand(self):
        stock = Counter(self.stock)
        stock.subtract(self.used())
        for lot, quantity in self.made_of_lots().items():
            stock[self.bill.goods, lot] += quantity
        for fact in self.facts:
            stock[self.bill.by_product, ""] += fact.by_product
            for product, lot, quantity, in_stock in fact.scraps:
                stock[product, lot] -= quantity if in_stock else 0
        return stock

    def free(self, product, lot):
        """What is there and not set aside."""
        place = product, lot
        return self.on_hand()[place] - self.used(posted=False)[place]

    def scrapped(self):
        scrapped = Counter()
        for fact in self.facts:
            for product, lot, quantity, _in_stock in fact.scraps:
                scrapped[product, lot] += quantity
        return scrapped

    def counted(self):
        return sum((fact.counted for fact in self.facts), Counter())

    def spans(self):
        return [span for fact in self.facts for span in fact.spans]

    def reworks(self):
        """The operations of pieces that are worked over."""
        return [name for fact in self.facts for name in fact.reworks]

    def is_over(self, operation):
        return bool(self.closed_by) or any(f.over == operation for f in self.facts)

    def is_named(self, product):
        """Whether the plant reports the use of a component itself."""
        return any(product in fact.named for fact in self.facts)

    # -- cost ------------------------------------------------------------------------

    def labour(self):
        return self.cost_of([span for span in self.spans() if span.end])

    def cost_of(self, work):
        """Cost of time that has ended; who works beside others costs nothing."""
        minutes = 0
        for operation in {span.operation for span in work}:
            spans = [span for span in work if span.operation == operation]
            until = datetime.min
            for span in sorted(spans, key=lambda span: span.start):
                worked = span.end - max(span.start, until)
                minutes += max(worked.total_seconds(), 0) / 60
                until = max(until, span.end)
        return Decimal(minutes) * self.bill.rate

    def forget(self, spans):
        """Goods are worth what they would be without some work."""
        before, after = [], []
        for part in self.parts():
            left = [noted for noted in part.spans if noted.span not in spans]
            part.labour += self.cost_of(before) - self.cost_of(after)
            before, after = before + part.spans, after + left
            part.labour += self.cost_of(after) - self.cost_of(before)
            part.spans = left

    def absorbed(self):
        """Labour and by-products' cost that is in goods."""
        parts = sum(part.labour for part in self.parts())
        return parts + self.late_labour + sum(fact.alone for fact in self.facts)

    def borne_by(self, bearer):
        return [use for use in self.uses() if use.at and use.bearer is bearer]

    def worth(self, uses):
        return sum(use.quantity * self.price_of(use) for use in uses)

    def price_of(self, use):
        return self.bill.prices[use.product]

    def put_into_stock(self, fact, lots):
        """Goods bear what was used and worked since the goods before them."""
        if lots:
            known = [noted.span for part in self.parts() for noted in part.spans]
            new = [s.noted() for s in self.spans() if s.end and s not in known]
            fact.goods = Goods(lots, self.labour() - self.absorbed(), new)
            for use in self.borne_by(None):
                use.bearer = fact.goods
        elif fact.by_product:
            pending = self.worth(self.borne_by(None)) + self.labour()
            fact.alone = (pending - self.absorbed()) * self.bill.share

    def bear_late(self):
        """What was used or worked after the last goods is borne by all of them."""
        if self.parts():
            for use in self.borne_by(None):
                use.bearer = LATE
            self.late_labour = self.labour_at_end - self.absorbed()

    def take_off(self, goods):
        """Goods are gone; what they bore falls to those after them, if any."""
        parts = self.parts()
        later = parts[parts.index(goods) + 1 :]
        heir = later[0] if later else None
        for use in self.borne_by(goods):
            use.bearer = heir
        if heir:
            heir.labour += goods.labour
            heir.spans += goods.spans

    def unbear_late(self):
        self.late_labour = Decimal()
        for use in self.borne_by(LATE):
            use.bearer = None

    def value_made(self):
        """Of the goods and by-products."""
        if not self.bill.by_cost:
            # Odoo gives by-products at a fixed price no value when they are made
            return self.made() * self.bill.prices[self.bill.goods]
        borne = [use for use in self.uses() if use.bearer]
        return self.worth(borne) + self.absorbed()

    # -- what is there to be seen ------------------------------------------------------

    def picture(self):
        posted = [use for use in self.uses() if use.at]
        return {
            "closed": bool(self.closed_by),
            "stock": positive(self.on_hand()),
            "used": positive(self.used()),
            "set aside": positive(self.used(posted=False)),
            "made": positive(self.made_of_lots()),
            "scrapped": positive(self.scrapped()),
            "operations": {*self.bill.operations, *self.reworks()},
            "counted": positive(self.counted()),
            "labour": sorted(
                (s.operation, s.start, s.end or datetime.max) for s in self.spans()
            ),
            "genealogy": self.genealogy(),
            "value used": Decimal(self.worth(posted)),
            "value made": Decimal(self.value_made()),
        }

    def genealogy(self):
        """Lot of the goods -> what it is made of."""
        return {lot: self.made_out_of(lot) for lot in positive(self.made_of_lots())}

    def made_out_of(self, lot):
        bearers = [part for part in self.parts() if part.lots.get(lot)] + [LATE]
        used = Counter()
        for use in self.uses():
            if any(use.bearer is bearer for bearer in bearers):
                used[use.product, use.lot] += use.quantity
        return positive(used)


def positive(amounts):
    """Without what comes to nothing."""
    return {key: Decimal(amount) for key, amount in amounts.items() if amount}
