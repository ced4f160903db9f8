# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError

from ..models.mfg_joborder import decimal_text
from ..models.mrp_production import OPEN_STATES

NOISE = Decimal("1e-12")  # of the whole: what dividing into another unit leaves


class MfgHandlerLots(models.AbstractModel):
    """The lots and serial numbers a quantity consists of, checked to the last piece.

    All of a list at once: five hundred serial numbers take the statements of one.
    """

    _inherit = "mfg.handler.order"

    def _lots(self, message, data, product, total, pointer, make=False):
        """(stock.lot, Decimal) whose sum is ``total``; empty for untracked products.

        :param data: the object with ``lots``
        :param make: goods the plant makes: lots that are not known yet are created
        :raise Failure: lot-required, lot-mismatch, serial-duplicate, unknown-lot
        """
        given = data.get("lots") or []
        pointer = f"{pointer}/lots"
        self._check_lots_given(product, given, pointer)
        if not given:
            return []
        names = [lot["materialLotId"] for lot in given]
        lots = self._named_lots(message, product, names, pointer, make)
        amounts = self._lot_amounts(message, given, product, total, pointer)
        self._check_lots_sum(product, amounts, total, pointer)
        if make:
            self._check_not_made(message, product, lots, pointer)
        return list(zip(lots, amounts, strict=True))

    def _check_lots_ahead(self, message, data, product, total, pointer):
        """Lots of pieces that are no goods yet need not be named, nor be known; those
        that are must fit.

        :raise Failure: lot-mismatch, serial-duplicate
        """
        given = data.get("lots") or []
        if not given:
            return
        pointer = f"{pointer}/lots"
        self._check_lots_given(product, given, pointer)
        amounts = self._lot_amounts(message, given, product, total, pointer)
        self._check_lots_sum(product, amounts, total, pointer)
        seen = set()
        for number, lot in enumerate(given):
            name = lot["materialLotId"]
            if name in seen:
                place = f"{pointer}/{number}/materialLotId"
                raise self._lot_twice(name, product, place)
            seen.add(name)

    # -- what the plant wrote ------------------------------------------------------

    def _check_lots_given(self, product, given, pointer):
        if product.tracking == "none" and given:
            detail = self.env._("%s is not tracked by lots.", product.display_name)
            raise self._refusal("lot-mismatch", detail, pointer)
        if product.tracking != "none" and not given:
            detail = self.env._("%s is tracked: name its lots.", product.display_name)
            raise self._refusal("lot-required", detail, pointer)

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

    def _check_lots_sum(self, product, amounts, total, pointer):
        serial = product.tracking == "serial"
        single = serial and not all(_same(amount, 1) for amount in amounts)
        if single or not _same(sum(amounts), total):
            detail = self.env._(
                "The lots add up to %(sum)s, the quantity is %(total)s; a serial "
                "number is one piece.",
                sum=decimal_text(sum(amounts)),
                total=decimal_text(total),
            )
            raise self._refusal("lot-mismatch", detail, pointer)

    # -- their records -------------------------------------------------------------

    def _named_lots(self, message, product, names, pointer, make):
        """The lots of these names, in their order; ``make``: also those to be made."""
        known = self.env["mfg.resolver"].lots(message.endpoint_id, names, product)
        unknown = [name for name in dict.fromkeys(names) if name not in known]
        if make and unknown:
            made = self._new_lots(message, unknown, product)
            known |= dict(zip(unknown, made, strict=True))
        lots = {}
        for number, name in enumerate(names):
            place = f"{pointer}/{number}/materialLotId"
            lot = known.get(name, self.env["stock.lot"])
            if len(lot) != 1:
                raise self._lot_unknown(message, name, product, place)
            self._check_lot_product(lot, product, place)
            if lot in lots:
                raise self._lot_twice(lot.name, product, place)
            lots[lot] = place
        return list(lots)

    def _check_lot_product(self, lot, product, place):
        if lot.product_id != product:
            detail = self.env._(
                "Lot %(lot)s is of %(own)s, not of %(product)s.",
                lot=lot.name,
                own=lot.product_id.display_name,
                product=product.display_name,
            )
            raise self._refusal("lot-mismatch", detail, place)

    def _lot_unknown(self, message, name, product, place):
        """No lot of this product; one of another product is a wrong scan, most likely.

        Either way a mapping, or the lot itself and a retry, settles it.
        """
        endpoint = message.endpoint_id
        other = self.env["stock.lot"].search(
            [
                ("name", "=", name),
                ("product_id", "!=", product.id),
                ("company_id", "in", (endpoint.company_id.id, False)),
            ],
            limit=1,
        )
        if not other:
            return self.env["mfg.resolver"]._unknown(endpoint, "lot", name, place)
        detail = self.env._(
            "Lot %(lot)s is of %(own)s; %(product)s has no such lot.",
            lot=name,
            own=other.product_id.display_name,
            product=product.display_name,
        )
        errors = [FieldError(place, detail)]
        failure = Failure("lot-mismatch", detail, errors, ("lot", name))
        failure.seen = None
        return failure

    def _lot_twice(self, name, product, place):
        code = "serial-duplicate" if product.tracking == "serial" else "lot-mismatch"
        detail = self.env._("%s is named twice.", name)
        return self._refusal(code, detail, place)

    def _new_lots(self, message, names, product):
        """Create lots; of two transactions that do, the second starts over.

        Odoo has no unique constraint on lots. Touching the product's row makes the
        second fail to serialize, and in its next try it finds the first one's lots.
        """
        self.env.flush_all()
        self.env["mfg.drain"]._touch(product)
        values = {
            "product_id": product.id,
            "company_id": message.company_id.id,
            **self._expiry(message, product),
        }
        lots = self.env["stock.lot"]
        return lots.create([{"name": name, **values} for name in names])

    def _expiry(self, message, product):
        """Goods expire counted from when they were made; Odoo counts from now."""
        if "use_expiration_date" not in product._fields:
            return {}  # expiry dates are not installed
        if not product.use_expiration_date:
            return {}
        lasts = timedelta(days=product.expiration_time)
        return {"expiration_date": self._time(message) + lasts}

    # -- whether they are fit ------------------------------------------------------

    def _check_not_made(self, message, product, lots, pointer):
        """A serial number is one piece, which is made once."""
        if product.tracking != "serial":
            return
        made = self._made_before(message, self._union(lots))
        for number, lot in enumerate(lots):
            if lot in made:
                detail = self.env._(
                    "Serial number %s is in stock or was made before.", lot.name
                )
                place = f"{pointer}/{number}/materialLotId"
                raise self._refusal("serial-duplicate", detail, place)

    def _made_before(self, message, lots):
        """Serial numbers that are there already, by Odoo's own rules: one that was
        unbuilt or scrapped may be made again, one this order used up as well."""
        lines = self._done_lines(lots, ("location_id.usage", "=", "production"))
        suspects = lines.lot_id | lots.filtered(lambda lot: lot.product_qty > 0)
        if not suspects:
            return suspects
        order = self._job_order(message, (*OPEN_STATES, "done"))
        used = order.move_raw_ids.move_line_ids.filtered("picked")
        staged = used.filtered(lambda line: line.state != "done").lot_id
        return (suspects - staged).filtered(
            lambda lot: (
                lot.product_qty > 0
                or (lot not in used.lot_id)
                and order._are_finished_serials_already_produced(lot)
            )
        )

    def _check_lots_used(self, uses):
        """Lots of components that are about to be used up are fit for it.

        :raise Failure: serial-duplicate, lot-expired
        """
        self._check_serials_once(uses, "/data/materials")
        for use in uses:
            lots, pointer = [lot for lot, _amount in use.lots], f"{use.pointer}/lots"
            if use.product.tracking == "serial":
                self._check_not_used(lots, pointer)
            self._check_not_expired(use.report, lots, pointer)

    def _check_not_used(self, lots, pointer):
        """A serial number that was used up is nowhere: no stock will ever arrive."""
        into_goods = ("location_dest_id.usage", "=", "production")
        used = self._done_lines(self._union(lots), into_goods).lot_id
        for number, lot in enumerate(lots):
            if lot in used and lot.product_qty <= 0:
                detail = self.env._("Serial number %s was used before.", lot.name)
                place = f"{pointer}/{number}/materialLotId"
                raise self._refusal("serial-duplicate", detail, place)

    def _check_not_expired(self, message, lots, pointer):
        """By the time of use: what is posted late was not used late."""
        if "expiration_date" not in self.env["stock.lot"]._fields:
            return  # expiry dates are not installed
        time = self._time(message)
        for number, lot in enumerate(lots):
            if lot.expiration_date and lot.expiration_date <= time:
                detail = self.env._(
                    "Lot %(lot)s expired at %(end)s; it was used at %(time)s (UTC).",
                    lot=lot.name,
                    end=fields.Datetime.to_string(lot.expiration_date),
                    time=fields.Datetime.to_string(time),
                )
                place = f"{pointer}/{number}/materialLotId"
                raise self._refusal("lot-expired", detail, place)

    def _check_serials_once(self, parts, pointer):
        """One serial number in two places of one posting was checked against neither.

        :param parts: what is made, or what is used, with ``product`` and ``lots``
        """
        seen = set()
        for part in parts:
            lots = part.lots if part.product.tracking == "serial" else ()
            for lot, _amount in lots:
                if lot in seen:
                    raise self._lot_twice(lot.name, part.product, pointer)
                seen.add(lot)

    def _done_lines(self, lots, condition):
        return self.env["stock.move.line"].search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "=", "done"),
                ("quantity", ">", 0),
                condition,
            ]
        )

    def _union(self, lots):
        return self.env["stock.lot"].union(*lots)


def _same(amount, other):
    """Whether two amounts differ by no more than their conversion from the plant's unit
    explains: a third has no last digit."""
    return abs(amount - other) <= NOISE * other
