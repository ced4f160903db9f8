# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Reads a production log: one row per activity that a worker reported.

Real logs are messy and stay so here: overlapping rows, identical rows, quantities above
the order's, quantities on set-up rows. Start and end times are the truth, the log's own
"Span" is not. What cannot be used at all is left out and said in ``Log.notes``.
"""

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import cached_property

# Activities after which nothing is left to do: their last quantity closes the order.
CLOSING = ("Packing", "Final Inspection Q.C.")
TIME_FORMATS = ("%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
COLUMNS = {
    "case id": "case",
    "activity": "activity",
    "resource": "resource",
    "start timestamp": "start",
    "complete timestamp": "end",
    "work order qty": "ordered",
    "part desc.": "part",
    "worker id": "worker",
    "report type": "kind",
    "qty completed": "completed",
    "qty rejected": "rejected",
    "qty for mrb": "review",
    "rework": "rework",
}
# Report types; whatever is none of them is production.
PRODUCTION, SETUP, BREAKDOWN = "D", "S", "B"
SECOND = timedelta(seconds=1)
QUANTITIES = "completed", "rejected", "review"
NEEDED = {"case", "activity", "start", "end"}


class LogError(Exception):
    """The file is no production log; the text says what is missing."""


@dataclass(frozen=True)
class Row:
    """What one worker reported: time at a machine and what came of it."""

    number: int  # line of the log, makes event ids that a second run repeats
    activity: str
    machine: str | None
    worker: str | None
    start: datetime
    end: datetime
    completed: Decimal
    rejected: Decimal
    review: Decimal  # set aside for material review
    kind: str = PRODUCTION
    rework: bool = False  # pieces are worked over

    @property
    def minutes(self):
        return Decimal((self.end - self.start) // SECOND) / 60


@dataclass(frozen=True)
class Segment:
    """One distinct activity of an order: an operation of its route."""

    name: str
    machine: str | None
    minutes: Decimal


@dataclass
class Order:
    """One case of the log: a job order."""

    case: str
    part: str
    quantity: Decimal
    rows: list[Row] = field(default_factory=list)
    # Numbers of the rows by which a machine stood: broken down, or being set up.
    stops: set[int] = field(default_factory=set)

    @cached_property
    def closing(self):
        """The activity whose quantities are the finished goods."""
        activities = {row.activity for row in self.rows}
        known = [name for name in CLOSING if name in activities]
        last = max(self.rows, key=lambda row: (row.end, row.number))
        return known[0] if known else last.activity

    @property
    def ends(self):
        """Whether the log shows the order's end, not only the part of it we have."""
        return self.closing in CLOSING and self.produced > 0

    @cached_property
    def segments(self):
        """The route: activities by their first completion, the closing one last."""
        rows = sorted(self.rows, key=lambda row: (row.end, row.number))
        names = dict.fromkeys(row.activity for row in rows)
        names.pop(self.closing)
        return [self._segment(name) for name in (*names, self.closing)]

    def _segment(self, name):
        rows = [row for row in self.rows if row.activity == name]
        machines = Counter(row.machine for row in rows if row.machine)
        machine = machines.most_common(1)[0][0] if machines else None
        return Segment(name, machine, sum(row.minutes for row in rows))

    @cached_property
    def rework(self):
        """Activity -> pieces of its rows that are rework, where they have any."""
        pieces = Counter()
        for row in self.rows:
            if row.rework:
                pieces[row.activity] += row.completed + row.rejected
        return {activity: count for activity, count in pieces.items() if count}

    def place(self, row):
        """The operation a row was work at: that of its activity, or of its rework."""
        reworked = row.rework and row.activity in self.rework
        return rework_of(row.activity) if reworked else row.activity

    @property
    def produced(self):
        rows = [row for row in self.rows if row.activity == self.closing]
        return sum((row.completed for row in rows), Decimal())

    def sum(self, name):
        """The sum of a quantity over the rows."""
        return sum((getattr(row, name) for row in self.rows), Decimal())

    def stood(self, kind):
        """Minutes in which a machine stood for one kind of reason."""
        rows = [row for row in self.rows if row.number in self.stops]
        return sum((row.minutes for row in rows if row.kind == kind), Decimal())


@dataclass
class Log:
    """All orders of a log, its machines (code -> name) and what had to be guessed."""

    orders: list[Order]
    machines: dict[str, str]
    notes: list[str]

    @property
    def rows(self):
        return [row for order in self.orders for row in order.rows]

    @property
    def workers(self):
        return sorted({row.worker for row in self.rows if row.worker})

    @property
    def parts(self):
        return sorted({order.part for order in self.orders})

    def first(self, count):
        """The log of the first orders only."""
        orders = self.orders[:count]
        used = {row.machine for order in orders for row in order.rows}
        machines = {code: self.machines[code] for code in self.machines if code in used}
        return Log(orders, machines, self.notes)


def read(path):
    """Read the log from a CSV file."""
    with open(path, encoding="utf-8-sig", newline="") as lines:
        return parse(csv.DictReader(lines))


def parse(records):
    """Make a log of records as csv.DictReader gives them."""
    reader = _Reader()
    for number, record in enumerate(records, start=1):
        reader.add(number, _named(record))
    if not reader.orders:
        raise LogError("the log has no usable row")
    orders = list(reader.orders.values())
    _find_stops(orders)
    return Log(orders, reader.machines, reader.said())


def _find_stops(orders):
    """A machine stands once at a time: of rows that begin together the longest says
    so, whichever order it is of."""
    together = defaultdict(list)
    for order in orders:
        for row in order.rows:
            if row.kind != PRODUCTION and row.machine and row.minutes:
                together[row.machine, row.start].append((row.minutes, order, row))
    for rows in together.values():
        _minutes, order, row = max(rows, key=lambda found: found[0])
        order.stops.add(row.number)


def machine_code(resource):
    """The short code of a machine: "Machine 4 - Turning & Milling" is M4."""
    number = re.match(r"machine\s*(\d+)", resource, re.IGNORECASE)
    return f"M{number[1]}" if number else slug(resource)


def rework_of(activity):
    """What the operation is called in which pieces of an activity are worked over."""
    return f"{activity} (rework)"


def slug(text):
    """A code of capitals, digits and hyphens."""
    return re.sub(r"[^A-Z0-9]+", "-", text.upper()).strip("-")


def _named(record):
    names = {" ".join(str(name).lower().split()): name for name in record}
    missing = NEEDED - {COLUMNS.get(name) for name in names}
    if missing:
        raise LogError(f"this is no production log; missing: {', '.join(missing)}")
    return {
        ours: " ".join((record[names[theirs]] or "").split())
        for theirs, ours in COLUMNS.items()
        if theirs in names
    }


class _Reader:
    def __init__(self):
        self.orders, self.machines, self.notes = {}, {}, Counter()

    def add(self, number, record):
        times = self._times(record)
        if not record["case"] or not times:
            self.notes["left out: no order or no time"] += 1
            return
        order = self._order(record)
        order.rows.append(self._row(number, record, *times))

    def _order(self, record):
        part = record.get("part") or "Part"
        ordered = self._number(record, "ordered")
        made = max(ordered, Decimal(1))
        order = self.orders.setdefault(
            record["case"], Order(record["case"], part, made)
        )
        order.quantity = max(order.quantity, made)
        return order

    def _row(self, number, record, start, end):
        return Row(
            number,
            record["activity"] or record.get("resource") or "Work",
            self._machine(record.get("resource")),
            record.get("worker") or None,
            start,
            end,
            *(self._number(record, name) for name in QUANTITIES),
            kind=self._kind(record),
            rework=record.get("rework", "").upper() in ("Y", "YES"),
        )

    def _kind(self, record):
        kind = record.get("kind", "").upper()[:1]
        return kind if kind in (SETUP, BREAKDOWN) else PRODUCTION

    def _machine(self, resource):
        if not resource:
            self.notes["without a machine"] += 1
            return None
        code = machine_code(resource)
        self.machines.setdefault(code, resource)
        return code

    def _times(self, record):
        start, end = _time(record["start"]), _time(record["end"])
        if not (start or end):
            return None
        if not (start and end):
            self.notes["with one time only, taken as an instant"] += 1
        start, end = start or end, end or start
        if end < start:
            self.notes["with the end before the start, read the other way round"] += 1
        return min(start, end), max(start, end)

    def _number(self, record, name):
        text = record.get(name) or "0"
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0:
            self.notes[f"with an unusable {name} quantity, taken as 0"] += 1
            return Decimal()
        return number

    def said(self):
        return [f"{count} row(s) {text}" for text, count in sorted(self.notes.items())]


def _time(text):
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text).astimezone(timezone.utc)
    except ValueError:
        return None
