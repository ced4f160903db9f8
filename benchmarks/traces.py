# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Whether joined messages kept their own links and shares: the ground of a reversal.

A message can be taken back alone when its links name each record it had a part in, and
say how much of each posted line is its own. So the links of joined messages must be
those of the same messages posted one by one, and the shares of a line must add up.
"""

from collections import Counter, defaultdict

LINKS = """
    SELECT m.event_id, l.res_model, l.role, p.default_code,
           round((l.undo->>'quantity')::numeric, 6)::float
    FROM mfg_message_link l JOIN mfg_message m ON m.id = l.message_id
    LEFT JOIN stock_move_line s ON l.res_model = 'stock.move.line' AND s.id = l.res_id
    LEFT JOIN product_product p ON p.id = s.product_id
    WHERE m.direction = 'in'
"""
SHARES = """
    SELECT s.id, s.quantity_product_uom, sum((l.undo->>'quantity')::numeric)
    FROM stock_move_line s JOIN mfg_message_link l
      ON l.res_model = 'stock.move.line' AND l.res_id = s.id
    WHERE s.state = 'done'
    GROUP BY 1, 2 HAVING round(s.quantity_product_uom, 6) IS DISTINCT FROM
      round(sum((l.undo->>'quantity')::numeric), 6)
"""


class Traces:
    """The links of every message of a run."""

    def __init__(self, databases, database):
        self.models = defaultdict(Counter)  # event id -> (model, role) -> links
        self.shares = defaultdict(Counter)  # event id -> product -> quantity
        with databases.cursor(database) as cursor:
            cursor.execute(LINKS)
            for event, model, role, product, share in cursor.fetchall():
                self.models[event][model, role] += 1
                if product:
                    self.shares[event][product] += share or 0.0
            cursor.execute(SHARES)
            self.torn = cursor.fetchall()


def differences(single, joined):
    """What the joined messages' links lack; ``single``: the same posted one by one."""
    found = [
        f"move line {line}: {quantity} posted, shares of its messages {shares}"
        for line, quantity, shares in joined.torn
    ]
    common = single.models.keys() & joined.models.keys()
    if not common:
        found.append("links: none to compare")
    for event in common:
        pairs = [(single.models[event], joined.models[event])]
        pairs.append((single.shares[event], joined.shares[event]))
        found += [
            f"event {event}: linked {dict(left)} alone, {dict(right)} when joined"
            for left, right in pairs
            if left != right
        ]
    more = [f"links: {len(found) - 5} more differences"] if len(found) > 5 else []
    return found[:5] + more
