# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models

from .mfg_joborder import decimal_text
from .mrp_production_consumption import Use
from .mrp_production_ledger import ledger_key, rounded
from .mrp_production_output import Output

KINDS = USED, MADE, SCRAPPED = "used", "made", "scrapped"
VISIBLE = Decimal("0.000001")  # less is the noise of dividing


class MrpProduction(models.Model):
    """What the plant reported in less than Odoo's decimals: seen, and settled when the
    order ends."""

    _inherit = "mrp.production"

    mfg_residues = fields.Text(
        string="Not Posted Yet",
        compute="_compute_mfg_residues",
        help="Reported by the plant, but less than the decimal accuracy of quantities. "
        "It is posted as soon as later reports make it up to a whole digit. A minus: "
        "so much was posted in advance.",
    )

    @api.depends("mfg_ledger")
    def _compute_mfg_residues(self):
        for order in self:
            lines = [
                order._mfg_residue_line(kind, product, sum(lots.values()))
                for (kind, product), lots in order._mfg_residues().items()
            ]
            order.mfg_residues = "\n".join(filter(None, lines)) or False

    def _mfg_residues(self):
        """(kind, product) -> {lot: Decimal}, as the ledger has them."""
        residues = defaultdict(dict)
        for key in self.mfg_ledger or {}:
            kind, *ids = key.split(":")
            if kind in KINDS:
                product = self.env["product.product"].browse(int(ids[0])).exists()
                lot = self.env["stock.lot"].browse(int(ids[1]) or [])
                residues[kind, product][lot] = self._mfg_amount(key)
        return residues

    def _mfg_residue_line(self, kind, product, amount):
        if abs(amount) < VISIBLE or not product:
            return None
        words = {
            USED: self.env._("used"),
            MADE: self.env._("made"),
            SCRAPPED: self.env._("scrapped"),
        }
        return self.env._(
            "%(amount)s %(unit)s %(product)s %(kind)s",
            amount=decimal_text(amount),
            unit=product.uom_id.name,
            product=product.display_name,
            kind=words[kind],
        )

    # -- the end of an order -----------------------------------------------------------

    def _mfg_settle_residues(self, time):
        """Post what residues of several lots make up to together; note the rest.

        Each lot's residue is less than Odoo can tell, their sum need not be: a thousand
        lots of 4 g are 4 kg. Where no stock is left of a lot, it stays noted.
        """
        for kind, post in (
            (USED, self._mfg_use_residues),
            (MADE, self._mfg_make_residues),
        ):
            due = self._mfg_due_residues(kind)
            for share in post(due, time) if due else []:
                key = ledger_key(kind, share.line.product_id, share.line.lot_id)
                self._mfg_note(key, self._mfg_amount(key) - share.quantity)
        if self.mfg_residues:
            text = self.env._(
                "The plant reported these quantities as well. They are less than the "
                "decimal accuracy of quantities and were not posted:"
            )
            lines = [text, *self.mfg_residues.splitlines()]
            self.message_post(body=Markup("<br/>").join(lines))

    def _mfg_due_residues(self, kind):
        """[(product, [(lot, Decimal)])]: a digit each, to the lots with the most."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        step = Decimal(1).scaleb(-digits)
        due = []
        for (its_kind, product), lots in self._mfg_residues().items():
            if its_kind == kind and product.tracking == "lot":
                steps = int(rounded(product.uom_id, sum(lots.values())) / step)
                ranked = sorted(lots, key=lots.get, reverse=True)[: max(steps, 0)]
                due += [(product, [(lot, step) for lot in ranked])] if ranked else []
        return due

    def _mfg_use_residues(self, due, time):
        uses = [
            Use(product, sum(amount for _lot, amount in parts), parts)
            for product, parts in due
        ]
        return self._mfg_consume(uses, time, shortage="wait")

    def _mfg_make_residues(self, due, time):
        outputs = [
            Output(product, sum(amount for _lot, amount in parts), parts)
            for product, parts in due
        ]
        return self._mfg_produce(outputs, time)
