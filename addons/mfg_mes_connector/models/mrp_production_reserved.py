# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError


def is_report(link):
    """Not of an order that only lost a reservation by a report on another one."""
    return not (link.undo or {}).get("displaced")


class MrpProduction(models.Model):
    """Lots the plant used although they were reserved for something else.

    A reservation is a plan, a use is a fact. The order's own reservation always gives
    way. That of another order or delivery gives way as well, and Odoo reserves anew
    for it from what is left, unless the interface says that a person has to decide.
    What another one has picked already is gone.
    """

    _inherit = "mrp.production"

    def _mfg_reserved_lines(self, lots):
        """Move lines, picked by nobody yet, that reserve these lots."""
        return self.env["stock.move.line"].search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "not in", ("done", "cancel")),
                ("picked", "=", False),
                ("quantity_product_uom", ">", 0),
                ("owner_id", "=", False),
            ]
        )

    def _mfg_yielding(self, lot, location):
        """(location, package) -> quantity of a lot whose reservation gives way."""
        yielding = defaultdict(float)
        for line in self._mfg_reserved_lines(lot):
            if line.location_id._child_of(location):
                place = line.location_id, line.package_id
                yielding[place] += line.quantity_product_uom
        return yielding

    def _mfg_check_reserved(self, use, lot, location, amount):
        """Where a person is to decide, only what nobody else reserved is taken.

        :raise Failure: lot-held
        """
        if not lot or not use.report:
            return
        if use.report.interface_id.reserved_lots != "park":
            return
        yielding = sum(self._mfg_yielding(lot, location).values())
        free = sum(self._mfg_free(lot.product_id, location, lot).values()) - yielding
        owners = self._mfg_owners(self._mfg_reserved_lines(lot))
        if owners and lot.product_id.uom_id.compare(float(amount), free) > 0:
            detail = self.env._(
                "Lot %(lot)s of %(product)s is reserved for %(owners)s.",
                lot=lot.name,
                product=lot.product_id.display_name,
                owners=", ".join(owner.display_name for owner in owners),
            )
            raise Failure("lot-held", detail, [FieldError(use.pointer, detail)])

    def _mfg_owners(self, lines):
        """The orders and transfers that lines belong to."""
        orders = lines.move_id.raw_material_production_id - self
        return [*orders, *lines.picking_id]

    def _mfg_displace(self, shares):
        """Have Odoo reserve anew for those whose lots were used; the report says so."""
        reserved = self._mfg_reserved_lines(
            self.env["stock.lot"].union(*(share.line.lot_id for share in shares))
        )
        for share in shares if reserved else ():
            line = share.line
            others = reserved.exists().filtered(
                lambda other, line=line: (
                    (other.lot_id, other.location_id, other.package_id)
                    == (line.lot_id, line.location_id, line.package_id)
                )
            )
            missing = -self._mfg_unreserved(line)
            if others and line.product_uom_id.compare(missing, 0) > 0:
                for owner in self._mfg_owners(others) if share.report else ():
                    share.report._link(owner, "changed", {"displaced": True})
                line._free_reservation(
                    line.product_id,
                    line.location_id,
                    missing,
                    lot_id=line.lot_id,
                    package_id=line.package_id,
                )

    def _mfg_report_links(self):
        """Links of the reports on these orders and their operations that stand."""
        # sudo: of other endpoints too, and links are the engine's
        links = self.env["mfg.message.link"].sudo()
        found = links.search(
            [
                "|",
                "&",
                ("res_model", "=", "mrp.production"),
                ("res_id", "in", self.ids),
                "&",
                ("res_model", "=", "mrp.workorder"),
                ("res_id", "in", self.workorder_ids.ids),
                ("message_id.direction", "=", "in"),
                ("message_id.reversed_by_id", "=", False),
                ("message_id.reverses_id", "=", False),
                ("message_id.state", "not in", ("cancelled", "rejected")),
            ]
        )
        return found.filtered(is_report)

    def _mfg_unreserved(self, line):
        """What is unreserved where a line takes from; below zero when overbooked."""
        return self.env["stock.quant"]._get_available_quantity(
            line.product_id,
            line.location_id,
            lot_id=line.lot_id,
            package_id=line.package_id,
            strict=True,
            allow_negative=True,
        )
