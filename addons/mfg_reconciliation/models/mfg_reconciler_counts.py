# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine import quantity as quantities
from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError
from odoo.addons.mfg_integration_base.engine.times import parse_time
from odoo.addons.mfg_mes_connector.models.mfg_joborder import decimal_text

from .mfg_reconciler import CONSUMED, PRODUCED, SCRAPPED, Key, exact, kind, minutes

CONSUMING = {
    "mfg.material.consumed": 1,
    "mfg.material.returned": -1,
    "mfg.production.reported": 1,
}


# of a snapshot, what is counted of other products
LISTS = {"consumed": CONSUMED, "byProducts": PRODUCED, "scrappedMaterials": SCRAPPED}


class MfgReconcilerCounts(models.AbstractModel):
    """Counts in the plant's words as Odoo's: of a snapshot, and of single messages."""

    _inherit = "mfg.reconciler"

    # -- a snapshot ----------------------------------------------------------------

    def _counted(self, message, family):
        """Key -> what the plant counted.

        :raise Failure: a code or a unit that Odoo does not know
        """
        data, counts = message._event_data(), defaultdict(Decimal)
        product = family.product_id[:1]
        self._count(
            message, counts, PRODUCED, product, data, "produced", "producedLots"
        )
        if "scrapped" in data:
            self._count(message, counts, SCRAPPED, product, data, "scrapped", None)
        for name, what in LISTS.items():
            self._count_materials(message, family, counts, data, name, what)
        for number, part in enumerate(data.get("labour") or []):
            pointer = f"/data/labour/{number}"
            workorder = self._segment_of(message, family, part, pointer)
            seconds = self._span_seconds(
                message, part["duration"], f"{pointer}/duration"
            )
            counts[self._segment_key(workorder)] += Decimal(seconds) / 60
        return dict(counts)

    def _count_materials(self, message, family, counts, data, name, what):
        """Add a list of products other than the order's own."""
        for number, part in enumerate(data.get(name) or []):
            pointer = f"/data/{name}/{number}"
            place = f"{pointer}/materialDefinitionId"
            product = self._product(message, part, place)
            if what != CONSUMED and product in family.product_id:
                detail = self.env._(
                    "%s is what the order makes: it is counted by “produced” and "
                    "“scrapped”.",
                    product.display_name,
                )
                raise Failure("quantity-invalid", detail, [FieldError(place, detail)])
            self._count(
                message, counts, what, product, part, "quantity", "lots", pointer
            )

    def _count(self, message, counts, what, product, data, name, lots, pointer="/data"):
        """Add a quantity, by lot where each of its lots has one."""
        total = self._amount(message, data[name], product, f"{pointer}/{name}")
        parts = self._lot_parts(message, product, data, lots, total, pointer)
        for lot, part in parts or [(0, total)]:
            counts[Key(what, product.id, lot)] += part

    def _amount(self, message, value, product, pointer):
        """A quantity in the product's unit; nothing is a count, too."""
        amount = quantities.parse(value, pointer)
        if amount.value < 0:
            detail = self.env._("A count cannot be less than 0.")
            raise Failure("quantity-invalid", detail, [FieldError(pointer, detail)])
        resolver = self.env["mfg.resolver"]
        return resolver._converted(message.endpoint_id, amount, product, pointer)

    def _lot_parts(self, message, product, data, name, total, pointer):
        """(lot id, quantity) of each lot; none where they cannot be told apart."""
        given = data.get(name) or [] if name else []
        alone = len(given) == 1
        parts = []
        for number, lot in enumerate(given):
            place = f"{pointer}/{name}/{number}"
            found = self.env["mfg.resolver"].resolve(
                message.endpoint_id,
                "lot",
                lot["materialLotId"],
                f"{place}/materialLotId",
                product=product,
            )
            if "quantity" in lot:
                part = self._amount(message, lot["quantity"], product, place)
            elif product.tracking == "serial":
                part = Decimal(1)
            elif alone:
                part = total
            else:
                return []
            parts.append((found.id, part))
        if parts:
            self._check_sum(product, parts, total, f"{pointer}/{name}")
        return parts

    def _check_sum(self, product, parts, total, pointer):
        """Lots that are not the total: one of them is wrong, and nobody knows which.

        :raise Failure: lot-mismatch
        """
        added = sum(part for _lot, part in parts)
        if abs(added - total) >= exact(product.uom_id.rounding):
            detail = self.env._(
                "The lots of %(product)s add up to %(sum)s, the count is %(total)s.",
                product=product.display_name,
                sum=decimal_text(added),
                total=decimal_text(total),
            )
            raise Failure("lot-mismatch", detail, [FieldError(pointer, detail)])

    def _segment_of(self, message, family, data, pointer):
        code = data.get("operationsSegmentId")
        resolver, failure = self.env["mfg.resolver"], None
        for order in family:
            try:
                return resolver.segment(
                    message.endpoint_id, code, order, f"{pointer}/operationsSegmentId"
                )
            except Failure as error:
                failure = failure or error
        raise failure

    def _span_seconds(self, message, value, pointer):
        """A length of time of any length, in seconds."""
        amount = quantities.parse(value, pointer)
        if amount.value < 0:
            detail = self.env._("A count cannot be less than 0.")
            raise Failure("quantity-invalid", detail, [FieldError(pointer, detail)])
        return round(
            self.env["mfg.resolver"]._seconds(message.endpoint_id, amount, pointer)
        )

    # -- one message ---------------------------------------------------------------

    def _told(self, message, family, event=None):
        """Key -> what a message says happened, whether or not it was posted.

        :param event: instead of its event, as people edited it
        :return: None where nobody can tell
        """
        try:
            data = (event or message._event()).get("data") or {}
            return self._told_data(message, family, data)
        except (Failure, KeyError, TypeError, AttributeError, ValueError):
            return None  # refused for what it says, or unreadable

    def _told_data(self, message, family, data):
        counts, told = defaultdict(Decimal), kind(message.type)
        if told == "mfg.production.reported":
            self._told_goods(message, family, data, counts)
        elif told == "mfg.production.scrapped":
            product = self._product(message, data) or family.product_id[:1]
            lots = None if product in family.product_id else "lots"
            self._count(message, counts, SCRAPPED, product, data, "quantity", lots)
        elif told == "mfg.labor.reported":
            self._told_labour(message, family, data, counts)
        for number, part in enumerate(data.get("materials") or []):
            sign = CONSUMING.get(told, 0)
            used = defaultdict(Decimal)
            product = self._product(message, part)
            pointer = f"/data/materials/{number}"
            self._count(
                message, used, CONSUMED, product, part, "quantity", "lots", pointer
            )
            for key, amount in used.items():
                counts[key] += sign * amount
        return dict(counts)

    def _product(self, message, data, pointer="/data/materialDefinitionId"):
        code = data.get("materialDefinitionId")
        if not code:
            return None
        resolver = self.env["mfg.resolver"]
        return resolver.resolve(message.endpoint_id, "material", code, pointer)

    def _told_goods(self, message, family, data, counts):
        """Goods, by-products, and the components that follow from the goods."""
        product, order = family.product_id[:1], family._mfg_member()
        for part in data.get("byProducts") or []:
            self._count_made(message, counts, self._product(message, part), part)
        if data.get("operationsSegmentId") and not data.get("final"):
            workorder = self._segment_of(message, family, data, "/data")
            if workorder._mfg_successors():
                return
        self._count_made(message, counts, product, data)
        named = {
            self._product(message, part).id for part in data.get("materials") or []
        }
        made = self._amount(message, data["quantity"], product, "/data/quantity")
        mode = data.get("backflush") or "auto"
        for component, amount in self._derived(order, made, mode).items():
            if component.id not in named:
                counts[Key(CONSUMED, component.id)] += amount

    def _count_made(self, message, counts, product, data):
        try:
            self._count(message, counts, PRODUCED, product, data, "quantity", "lots")
        except Failure as failure:
            if failure.code != "unknown-lot":  # the report would have made it
                raise
            self._count(message, counts, PRODUCED, product, data, "quantity", None)

    def _derived(self, order, made, mode="auto"):
        """Component -> how much Odoo uses up by itself for goods made."""
        found = defaultdict(Decimal)
        total = Decimal(repr(order.product_uom_qty))
        if mode == "never" or not total:
            return found
        for moves, planned in order._mfg_plan(order.move_raw_ids):
            if order._mfg_is_derived(moves, mode):
                found[moves.product_id] += planned * made / total
        return found

    def _told_labour(self, message, family, data, counts):
        for part in data.get("labor") or [data]:
            named = {**data, **part}
            if named.get("operationsSegmentId"):
                workorder = self._segment_of(message, family, named, "/data")
            else:
                workorder = family._mfg_member()._mfg_flow()[:1]
            counts[self._segment_key(workorder)] += self._spent(message, part)

    def _spent(self, message, part):
        if "duration" in part:
            seconds = self._span_seconds(message, part["duration"], "/data/duration")
            return Decimal(seconds) / 60
        return minutes(*(parse_time(part[name]) for name in ("startTime", "endTime")))
