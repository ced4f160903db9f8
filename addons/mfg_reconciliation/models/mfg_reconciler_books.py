# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from odoo import fields, models

from .mfg_reconciler import CONSUMED, LABOUR, PRODUCED, SCRAPPED, Key, exact, minutes

WORKED = ("productive", "performance")


@dataclass
class Entry:
    """One posting in Odoo's books, and what messages have in it."""

    key: Key
    amount: Decimal
    time: datetime | None
    record: object = None  # none: it was deleted
    shares: list = field(default_factory=list)  # (message, Decimal)

    @property
    def by_hand(self):
        """What no message accounts for."""
        return self.amount - sum((part for _m, part in self.shares), Decimal())


class MfgReconcilerBooks(models.AbstractModel):
    """What Odoo holds of an order and its backorders, posting by posting.

    Of each posting the links tell which messages made it, and how much of it: what
    remains was entered, edited or deleted by people.
    """

    _inherit = "mfg.reconciler"

    def _books(self, family):
        """Entries of all that is posted on the orders of a family."""
        links = self._links(family)
        entries = [
            *self._stock_entries(family, links["stock.move.line"]),
            *self._scrap_entries(family, links["stock.scrap"]),
            *self._labour_entries(family, links["mrp.workcenter.productivity"]),
        ]
        return [entry for entry in entries if entry.amount or entry.shares]

    # -- what messages left --------------------------------------------------------

    def _links(self, family):
        """Model -> record id -> links of the messages whose effect stands."""
        messages = self._effective(family)
        found = defaultdict(lambda: defaultdict(self.env["mfg.message.link"].browse))
        for link in messages.link_ids:
            found[link.res_model][link.res_id] |= link
        return found

    def _effective(self, family):
        """Inbound messages that did something on these orders and still stand."""
        return family._mfg_report_links().message_id.sorted("id")

    # -- stock ---------------------------------------------------------------------

    def _stock_entries(self, family, links):
        seen = {}
        for order in family:
            seen |= dict.fromkeys(order.move_finished_ids.move_line_ids, PRODUCED)
            seen |= dict.fromkeys(order.move_raw_ids.move_line_ids, CONSUMED)
        for line, what in seen.items():
            mine = links.get(line.id, self.env["mfg.message.link"])
            is_posted = line.state == "done" or (line.picked and line.mfg_plant)
            # of what came back as a whole an ended line is left, and was more once
            if is_posted or (mine and line.state == "cancel"):
                key = Key(what, line.product_id.id, line.lot_id.id or 0)
                amount = exact(line.quantity_product_uom) if is_posted else Decimal()
                yield Entry(key, amount, line.date, line, self._line_shares(mine))
        gone = set(links) - {line.id for line in seen}
        yield from self._gone_lines(family, {id_: links[id_] for id_ in gone})

    def _line_shares(self, links):
        """Each message's part of a move line. What came back was taken off the part of
        the newest use; it is shown as of the message that brought it back."""
        shares, returned = [], []
        for link in links:
            undo = link.undo or {}
            if undo.get("returned"):
                returned.append((link.message_id, -exact(undo["returned"])))
            elif "quantity" in undo:
                shares.append((link.message_id, exact(undo["quantity"])))
        if shares and returned:
            message, part = shares[-1]
            back = sum((part for _m, part in returned), Decimal())
            shares[-1] = (message, part - back)
        return shares + returned

    def _gone_lines(self, family, links):
        """Postings of messages that somebody deleted: of what, their messages say."""
        lines = self.env["stock.move.line"].browse(links)
        there = set(lines.exists().ids)  # of other orders: transfers of what came back
        for id_, mine in links.items():
            shares = self._line_shares(mine)
            if id_ in there or not shares:
                continue
            key = self._gone_key(family, mine)
            if key:
                yield Entry(key, Decimal(), None, None, shares)

    def _gone_key(self, family, links):
        lot = next((u["lot"] for u in links.mapped("undo") if u and u.get("lot")), 0)
        message = links[:1].message_id
        counts = self._told(message, family) or {}
        kinds = [key for key in counts if key.what in (PRODUCED, CONSUMED)]
        lots = [key for key in kinds if lot and key.lot == lot]
        return (lots or kinds or [None])[0]

    # -- scrap ---------------------------------------------------------------------

    def _scrap_entries(self, family, links):
        scraps = self.env["stock.scrap"].search(
            [("production_id", "in", family.ids), ("state", "=", "done")]
        )
        for line in scraps.move_ids.move_line_ids:
            scrap = line.move_id.scrap_id
            own = line.product_id in family.product_id  # compared without lots
            key = Key(SCRAPPED, line.product_id.id, 0 if own else line.lot_id.id or 0)
            mine = links.get(scrap.id, self.env["mfg.message.link"])
            amount, told = exact(line.quantity_product_uom), exact(scrap.scrap_qty)
            unit = scrap.product_uom_id
            if unit != line.product_id.uom_id:
                told = exact(
                    unit._compute_quantity(float(told), line.product_id.uom_id)
                )
            shares = [(link.message_id, told) for link in mine[:1]]
            yield Entry(key, amount, scrap.date_done, scrap, shares)

    # -- labour --------------------------------------------------------------------

    def _labour_entries(self, family, links):
        rows = family.workorder_ids.time_ids.filtered(
            lambda row: (
                row.date_end
                and row.loss_id.loss_type in WORKED
                and not row.mfg_made_up
                and row.date_end > row.date_start
            )
        )
        for row in rows:
            mine = links.get(row.id, self.env["mfg.message.link"])
            amount = minutes(row.date_start, row.date_end)
            shares = (
                [(mine[-1:].message_id, self._noted(mine) or amount)] if mine else []
            )
            key = self._segment_key(row.workorder_id)
            yield Entry(key, amount, row.date_end, row, shares)
        yield from self._gone_labour(family, set(rows.ids), links)

    def _noted(self, links):
        """Minutes as they were posted, where the links say so."""
        undo = next(
            (u for u in links.mapped("undo") if u and u.get("date_start")), None
        )
        if not undo or not undo.get("date_end"):
            return None
        span = (
            fields.Datetime.to_datetime(undo[n]) for n in ("date_start", "date_end")
        )
        return minutes(*span)

    def _gone_labour(self, family, seen, links):
        rows = self.env["mrp.workcenter.productivity"].browse(links)
        there = set(rows.exists().ids)
        for id_ in set(links) - seen - there:
            mine = links[id_]
            noted = self._noted(mine)
            message = mine[:1].message_id
            keys = [k for k in self._told(message, family) or {} if k.what == LABOUR]
            if noted and keys:
                yield Entry(keys[0], Decimal(), None, None, [(message, noted)])

    def _segment_key(self, workorder):
        names = workorder.production_id._mfg_segments()
        return Key(LABOUR, segment=names[workorder])
