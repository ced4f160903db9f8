# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A made-up production log of the real one's shape, for when there is none.

As messy as the real one: overlapping and identical rows, quantities above the order's,
quantities on set-up rows, rows without a worker, orders with a single row.
"""

import random
from datetime import datetime, timedelta

from . import log

PARTS = (
    "Bracket",
    "Clutch Plate",
    "Coupling",
    "Guide Rail",
    "Hinge",
    "Nozzle",
    "Rotor",
    "Shaft",
    "Sleeve",
    "Valve Body",
)
STEPS = (
    ("Turning & Milling - Machine 4", "Machine 4 - Turning & Milling"),
    ("Turning & Milling - Machine 5", "Machine 5 - Turning & Milling"),
    ("Turning & Milling Q.C.", "Quality Check 1"),
    ("Laser Marking - Machine 7", "Machine 7 - Laser Marking"),
    ("Lapping - Machine 1", "Machine 1 - Lapping"),
    ("Round Grinding - Machine 2", "Machine 2 - Round Grinding"),
    ("Flat Grinding - Machine 11", "Machine 11 - Grinding"),
    ("Stress Relief", "Oven"),
    ("Final Inspection Q.C.", "Quality Check 1"),
    ("Packing", "Packing"),
)
WORKERS = tuple(f"ID{4100 + 7 * number}" for number in range(34))
START = datetime(2012, 1, 2, 6)


def plant(orders=75, seed=0):
    """A generated log."""
    return log.parse(records(orders, seed))


def records(orders=75, seed=0):
    """Its rows, as csv.DictReader would give them."""
    dice = random.Random(f"plant {seed}")
    return [
        record
        for number in range(1, orders + 1)
        for record in _order(dice, f"Made-up {number}")
    ]


def _order(dice, case):
    common = {
        "Case ID": case,
        "Part Desc.": dice.choice(PARTS),
        "Work Order Qty": str(dice.choice((1, 5, 10, 12, 20, 50, 100, 150, 400))),
    }
    route = sorted(dice.sample(range(len(STEPS)), dice.randint(1, 8)))
    if len(route) > 2 and dice.random() < 0.8:
        route = [*route[:-1], len(STEPS) - 1]
    ends = STEPS[route[-1]][0] in log.CLOSING
    time, found = START + timedelta(minutes=dice.randrange(60 * 24 * 40)), []
    for place in route:
        ordered = int(common["Work Order Qty"])
        rows = _segment(dice, time, ordered, STEPS[place], ends)
        found += rows
        time += timedelta(minutes=dice.randint(60, 2000))
    return [common | row for row in _mess(dice, found, ends)]


def _segment(dice, time, ordered, step, ends):
    """Rows of one activity: they overlap, and set-up rows may have quantities too."""
    # Any activity may close an order that has no end.
    closing, left, rows = step[0] in log.CLOSING or not ends, ordered, []
    for _row in range(1 if dice.random() < 0.2 else dice.randint(1, 6)):
        minutes = dice.choice((0, 1, 15, 60, 240, 465))
        rejected = int(dice.random() < 0.05 and left > 1)
        left -= rejected
        made = dice.randint(0, left if closing else ordered)
        left -= made if closing else 0
        rows.append(
            {
                "Activity": step[0],
                "Resource": step[1],
                "Start Timestamp": _text(time),
                "Complete Timestamp": _text(time + timedelta(minutes=minutes)),
                "Worker ID": dice.choice(WORKERS),
                "Report Type": dice.choice("DDDDSB"),
                "Qty Completed": str(made),
                "Qty Rejected": str(rejected),
                "Qty for MRB": str(int(dice.random() < 0.02)),
                "Rework": dice.choice(("Y", *[""] * 49)),
            }
        )
        time += timedelta(minutes=dice.choice((0, minutes // 2, minutes, 300)))
    return rows


def _mess(dice, rows, ends):
    """Some rows twice (no closing ones), some without a worker or a quantity."""
    found = []
    for row in rows:
        found.append(row)
        twice = ends and row["Activity"] not in log.CLOSING
        if twice and dice.random() < 0.02:
            found.append(dict(row))
        if dice.random() < 0.02:
            row["Worker ID"] = ""
        if row["Qty Completed"] == "0" and dice.random() < 0.3:
            row["Qty Completed"] = ""
    return found


def _text(time):
    return time.strftime("%Y/%m/%d %H:%M:%S.000")
