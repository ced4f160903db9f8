# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a run left behind in Odoo, read from the tables, and where two runs differ.

By order, backorders included: what was produced, consumed and scrapped, from where to
where, and whether the order is done; and all stock by product, lot and location.
"""

from collections import defaultdict
from dataclasses import dataclass

MOVES = """
    SELECT o.mfg_job_order_id, CASE WHEN m.scrap_id IS NOT NULL THEN 'scrapped'
             WHEN m.production_id IS NOT NULL THEN 'produced' ELSE 'consumed' END,
           p.default_code, coalesce(lot.name, ''), source.complete_name,
           target.complete_name, round(sum(l.quantity_product_uom), 6)::float
    FROM stock_move_line l JOIN stock_move m ON m.id = l.move_id
    LEFT JOIN stock_scrap s ON s.id = m.scrap_id
    JOIN mrp_production o ON o.id = coalesce(
        s.production_id, m.production_id, m.raw_material_production_id)
    JOIN product_product p ON p.id = l.product_id
    LEFT JOIN stock_lot lot ON lot.id = l.lot_id
    JOIN stock_location source ON source.id = l.location_id
    JOIN stock_location target ON target.id = l.location_dest_id
    WHERE m.state = 'done' AND l.quantity_product_uom <> 0
    GROUP BY 1, 2, 3, 4, 5, 6
"""
STATES = """
    SELECT mfg_job_order_id, array_agg(state ORDER BY id), sum((
        SELECT count(*) FROM mrp_workcenter_productivity t
        JOIN mrp_workorder w ON w.id = t.workorder_id
        WHERE w.production_id = o.id AND t.date_end IS NOT NULL))::int
    FROM mrp_production o WHERE mfg_job_order_id IS NOT NULL GROUP BY 1
"""
STOCK = """
    SELECT p.default_code, coalesce(lot.name, ''), place.complete_name,
           round(sum(q.quantity)::numeric, 6)::float
    FROM stock_quant q JOIN product_product p ON p.id = q.product_id
    JOIN stock_location place ON place.id = q.location_id
    LEFT JOIN stock_lot lot ON lot.id = q.lot_id
    GROUP BY 1, 2, 3 HAVING round(sum(q.quantity)::numeric, 6) <> 0
"""
SHOWN = 5  # differences per kind: the rest is said as a number


@dataclass
class Outcome:
    name: str  # of the contender
    orders: frozenset  # whose events it got
    moves: dict  # job order -> {(kind, product, lot, from, to): quantity}
    states: dict  # job order -> states of its family
    labour: dict  # job order -> closed intervals
    stock: dict  # (product, lot, location) -> quantity


def read(databases, database, name, orders):
    with databases.cursor(database) as cursor:
        moves = defaultdict(dict)
        for order, *key, quantity in _rows(cursor, MOVES):
            moves[order][tuple(key)] = quantity
        states, labour = {}, {}
        for order, found, intervals in _rows(cursor, STATES):
            states[order], labour[order] = tuple(found), intervals
        stock = {tuple(key): number for *key, number in _rows(cursor, STOCK)}
    return Outcome(name, frozenset(orders), dict(moves), states, labour, stock)


def _rows(cursor, query):
    cursor.execute(query)
    return cursor.fetchall()


def differences(reference, other, same_records=True):
    """Where another contender's result is not the reference's, for people to read.

    :param same_records: the other posts by the same code, so that also its intervals
        of labour and the states of its orders must be equal; else only whether an
        order is done (closing one for a backorder, Odoo splits and makes up labour)
    """
    common = sorted(reference.orders & other.orders)
    state = str if same_records else _is_done
    pairs = [("moved", reference.moves, other.moves)]
    if same_records:
        pairs.append(("labour", reference.labour, other.labour))
    found = []
    for what, left, right in pairs:
        found += [(o, what, left.get(o), right.get(o)) for o in common]
    for order in common:
        states = reference.states[order], other.states[order]
        found.append((order, "state", *map(state, states)))
    if reference.orders == other.orders:
        keys = sorted(reference.stock.keys() | other.stock.keys())
        found += [
            (key, "on hand", reference.stock.get(key), other.stock.get(key))
            for key in keys
        ]
    wrong = [row for row in found if row[2] != row[3]]
    names = f"{reference.name} and {other.name}"
    texts = [
        f"{names}: {whose} {what}: {_apart(left, right)}"
        for whose, what, left, right in wrong[:SHOWN]
    ]
    more = len(wrong) - SHOWN
    return texts + ([f"{names}: {more} more differences"] if more > 0 else [])


def _is_done(states):
    """Of a family the last member is the one still open, if any is."""
    return states[-1] == "done"


def _apart(left, right):
    """Of two dicts only what differs."""
    if isinstance(left, dict) and isinstance(right, dict):
        keys = [k for k in left.keys() | right.keys() if left.get(k) != right.get(k)]
        return "; ".join(f"{k}: {left.get(k)} / {right.get(k)}" for k in sorted(keys))
    return f"{left} / {right}"
