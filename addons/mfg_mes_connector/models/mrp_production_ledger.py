# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import fields, models


class MrpProduction(models.Model):
    """Exact amounts: a thousand partial reports add up to the whole.

    What is posted is rounded half up; its residue is carried to the next report of the
    same kind, product and lot.
    """

    _inherit = "mrp.production"

    mfg_ledger = fields.Json(
        readonly=True,
        copy=False,
        help="Exact amounts not posted yet because Odoo's units are coarser, and what "
        "backflush is based on.",
    )

    def _mfg_carry(self, key, product, exact, report=None):
        """Round for posting and keep the residue for the next report of this kind.

        Rounding is half up by the product's unit; ten times 0.004 kg is 0.04 kg.

        :param report: whose amount it is, so that it can be taken back
        """
        total = self._mfg_amount(key) + exact
        posted = rounded(product.uom_id, total)
        self._mfg_note(key, total - posted)
        self._mfg_trace_ledger(report, key, exact - posted)
        return posted

    def _mfg_amount(self, key):
        return Decimal((self.mfg_ledger or {}).get(key, "0"))

    def _mfg_note(self, key, amount):
        if amount != self._mfg_amount(key):
            self.mfg_ledger = {**(self.mfg_ledger or {}), key: format(amount, "f")}


def ledger_key(kind, product, lot):
    """``kind`` is used, made or scrapped."""
    return f"{kind}:{product.id}:{lot.id or 0}"


def rounded(uom, amount):
    """Half up by the unit, as Decimal."""
    return Decimal(repr(uom.round(float(amount), rounding_method="HALF-UP")))
