# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from odoo.addons.mfg_integration_base.models.after_commit import after_commit

STOCKED = ("internal", "transit")


class MfgMessage(models.Model):
    """Messages that wait for stock, and what calls them when it arrives.

    Such a message wants ``stock:<product>:<location>``. Whoever brings stock looks for
    it after its commit; whoever begins to wait looks for stock after its own. So of two
    that happen at once, one sees the other.
    """

    _inherit = "mfg.message"

    rest_of_id = fields.Many2one(
        "mfg.message",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The message that used this material when there was no stock of it.",
    )
    rest_ids = fields.One2many("mfg.message", "rest_of_id", string="Waits for Stock")

    # -- places ------------------------------------------------------------------------

    @api.model
    def _stock_place(self, product, location):
        """What a message wants that found too little of a product in a location."""
        return f"{product.id}:{location.id}"

    @api.model
    def _stock_on_hand(self, product, location):
        """What is there, reserved or not."""
        [(quantity,)] = self.env["stock.quant"]._read_group(
            [
                ("product_id", "=", product.id),
                ("location_id", "child_of", location.id),
            ],
            aggregates=["quantity:sum"],
        )
        return quantity or 0.0

    # -- arrivals ----------------------------------------------------------------------

    @api.model
    def _note_arrival(self, product, location):
        """Stock came in: call, once it is committed, who waits for it there or in any
        location around."""
        if location.usage not in STOCKED:
            return
        around = (location.parent_path or "").split("/")
        places = {f"{product.id}:{id_}": None for id_ in around if id_}
        after_commit(self, "_heal_stocked", places)

    @api.model
    def _look_again(self, place, on_hand):
        """Something begins to wait: call it if stock came meanwhile.

        :param on_hand: what it saw
        """
        after_commit(self, "_heal_stocked", {place: on_hand})

    @api.model
    def _heal_stocked(self, places):
        """Queue again what waits in places where there is more than was seen.

        :param places: place -> what was seen there; None: more has come
        """
        more = [
            place
            for place, seen in places.items()
            if seen is None or self._more_than(place, seen)
        ]
        return self._heal("stock", more)

    def _more_than(self, place, seen):
        product, location = map(int, place.split(":"))
        product = self.env["product.product"].browse(product)
        location = self.env["stock.location"].browse(location)
        now = self._stock_on_hand(product, location)
        return product.uom_id.compare(now, seen) > 0

    # -- rests -------------------------------------------------------------------------

    def _transition(self, state, **values):
        """A rest that is cancelled was not used: its order may use it after all."""
        result = super()._transition(state, **values)
        if state == "cancelled":
            # sudo: who may cancel a message need not have rights on orders
            for message in self.sudo().filtered("rest_of_id"):
                message._stop_waiting()
        return result

    def _stop_waiting(self):
        product = self._wanted_product()
        others = self.rest_of_id.rest_ids.filtered(
            lambda m: m.state == "parked" and m._wanted_product() == product
        )
        links = self.rest_of_id.link_ids
        if not others:
            orders = links.filtered(lambda link: link.res_model == "mrp.production")
            orders = self.env["mrp.production"].browse(orders.mapped("res_id"))
            orders.exists()._mfg_stop_waiting(product)

    def _wanted_product(self):
        kind, _colon, place = (self.wanted or "").partition(":")
        number = place.partition(":")[0] if kind == "stock" else ""
        return self.env["product.product"].browse(int(number) if number else [])
