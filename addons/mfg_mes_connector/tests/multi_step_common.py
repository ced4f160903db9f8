# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from .common import SCRAPPED, amount, at
from .reversal_common import ENDED, ReversalCase


class MultiStepCase(ReversalCase):
    """Components are brought to the line by a transfer first."""

    steps = "pbm"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.manufacture_steps = cls.steps
        cls.env["stock.scrap.reason.tag"].create({"name": "BAD"})
        cls.line = cls.warehouse.pbm_loc_id
        cls.dock = cls.warehouse.manu_type_id.default_location_dest_id

    def make_on_demand(self, product):
        """An order is made when somebody needs it, and for that."""
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        product.route_ids |= mto | self.warehouse.manufacture_pull_id.route_id

    def move_goods(self, pickings, part=1):
        """A stock keeper does a part of what can be done of transfers."""
        if not pickings:
            return
        pickings.action_assign()
        for move in pickings.move_ids:
            move.write({"quantity": move.quantity * part, "picked": True})
        pickings.with_context(skip_backorder=True).button_validate()
        self.env.invalidate_all()

    def picks(self):
        """Transfers of components to the line, that are open."""
        moves = self.order.picking_ids.move_ids.sorted("id")
        moves = moves.filtered(lambda m: m.location_dest_id == self.line)
        return moves.filtered(lambda m: m.state not in ENDED)

    def bring(self, pieces=10):
        """Components for as many."""
        self.move_goods(self.picks().picking_id, pieces / 10)

    def still_to_bring(self):
        return self.picks().mapped("product_uom_qty")

    def storing(self):
        """Transfers of goods from where they are made into stock, that are open."""
        return self.transfers().filtered(lambda m: m.state not in ENDED)

    def transfers(self):
        moves = self.order.move_finished_ids.move_dest_ids
        return moves.filtered(lambda m: m.location_id == self.dock)

    def open_parts(self, product):
        return self.order.move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state not in ENDED
        )

    def reserved(self, product):
        return sum(self.open_parts(product).mapped("quantity"))

    def scrap(self, product, quantity, unit="C62"):
        return lambda: self.tell(
            SCRAPPED,
            self.order,
            materialDefinitionId=product.default_code,
            quantity=amount(quantity, unit),
            reasonCode="BAD",
            time=at(12),
        )
