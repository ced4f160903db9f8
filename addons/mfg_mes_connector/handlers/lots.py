# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.mfg_integration_base.engine.failure import Failure

from ..models.mfg_joborder import decimal_text


class MfgHandlerLots(models.AbstractModel):
    """The lots and serial numbers a quantity consists of, checked to the last piece."""

    _inherit = "mfg.handler.order"

    def _lots(self, message, data, product, total, pointer, make=False):
        """(stock.lot, Decimal) whose sum is ``total``; empty for untracked products.

        :param data: the object with ``lots``
        :param make: create lots that are not known yet (goods the plant makes)
        :raise Failure: lot-required, lot-mismatch, serial-duplicate, unknown-lot
        """
        given = data.get("lots") or []
        pointer = f"{pointer}/lots"
        self._check_lots_given(product, given, pointer)
        if not given:
            return []
        amounts = self._lot_amounts(message, given, product, total, pointer)
        self._check_lots_sum(product, given, amounts, total, pointer)
        find = self._made_lot if make else self._used_lot
        return [
            (find(message, lot["materialLotId"], product, f"{pointer}/{n}"), amount)
            for n, (lot, amount) in enumerate(zip(given, amounts, strict=True))
        ]

    def _check_lots_given(self, product, given, pointer):
        if product.tracking == "none" and given:
            detail = self.env._("%s is not tracked by lots.", product.display_name)
            raise self._refusal("lot-mismatch", detail, pointer)
        if product.tracking != "none" and not given:
            detail = self.env._("%s is tracked: name its lots.", product.display_name)
            raise self._refusal("lot-required", detail, pointer)
        names = [lot["materialLotId"] for lot in given]
        if len(set(names)) < len(names):
            serial = product.tracking == "serial"
            code = "serial-duplicate" if serial else "lot-mismatch"
            detail = self.env._("A lot or serial number is named twice.")
            raise self._refusal(code, detail, pointer)

    def _lot_amounts(self, message, given, product, total, pointer):
        """Each lot's part; a lot alone is the whole, a serial number is one."""
        resolver = self.env["mfg.resolver"]
        amounts = []
        for number, lot in enumerate(given):
            if "quantity" in lot:
                place = f"{pointer}/{number}/quantity"
                amount = resolver.quantity(
                    message.endpoint_id, lot["quantity"], product, place
                )
            elif product.tracking == "serial":
                amount = Decimal(1)
            elif len(given) == 1:
                amount = total
            else:
                detail = self.env._("Of several lots each needs its quantity.")
                raise self._refusal("lot-mismatch", detail, f"{pointer}/{number}")
            amounts.append(amount)
        return amounts

    def _check_lots_sum(self, product, given, amounts, total, pointer):
        single = product.tracking == "serial" and any(a != 1 for a in amounts)
        if single or sum(amounts) != total:
            detail = self.env._(
                "The lots add up to %(sum)s, the quantity is %(total)s; a serial "
                "number is one piece.",
                sum=decimal_text(sum(amounts)),
                total=decimal_text(total),
            )
            raise self._refusal("lot-mismatch", detail, pointer)

    def _used_lot(self, message, code, product, pointer):
        resolver = self.env["mfg.resolver"]
        place = f"{pointer}/materialLotId"
        lot = resolver.resolve(message.endpoint_id, "lot", code, place, product=product)
        if lot.product_id != product:
            detail = self.env._(
                "Lot %(lot)s is of %(own)s, not of %(product)s.",
                lot=lot.name,
                own=lot.product_id.display_name,
                product=product.display_name,
            )
            raise self._refusal("lot-mismatch", detail, place)
        return lot

    def _made_lot(self, message, code, product, pointer):
        """The lot of made goods: the plant's numbers become Odoo's."""
        try:
            lot = self._used_lot(message, code, product, pointer)
        except Failure as failure:
            if failure.code != "unknown-lot":
                raise
            return self._new_lot(message, code, product)
        if product.tracking == "serial" and self._is_made(lot):
            detail = self.env._("Serial number %s was made before.", lot.name)
            raise self._refusal("serial-duplicate", detail, f"{pointer}/materialLotId")
        return lot

    def _new_lot(self, message, code, product):
        """Create a lot; of two transactions that do, the second starts over.

        Odoo has no unique constraint on lots. Touching the product's row makes the
        second fail to serialize, and in its next try it finds the first one's lot.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE product_product SET write_date = write_date WHERE id = %s",
                product.id,
            )
        )
        return self.env["stock.lot"].create(
            {
                "name": code,
                "product_id": product.id,
                "company_id": message.company_id.id,
            }
        )

    def _is_made(self, lot):
        return bool(
            self.env["stock.move.line"].search_count(
                [
                    ("lot_id", "=", lot.id),
                    ("state", "=", "done"),
                    ("move_id.production_id", "!=", False),
                    ("location_id.usage", "=", "production"),
                ],
                limit=1,
            )
        )
