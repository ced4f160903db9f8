# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


from .common import (
    MesCase,
    amount,
    at,
    moment,
)

REWORKED = "mfg.production.reworked.v1"
LABOR = "mfg.labor.reported.v1"


class ReworkCase(MesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["stock.scrap.reason.tag"].create({"name": "SCRATCH"})

    def setUp(self):
        super().setUp()
        self.order = self.make_order()
        self.cut, self.glueing = self.order.workorder_ids

    def rework(self, quantity, *segments, order=None, **data):
        data = {"reasonCode": "SCRATCH", "time": at(11), **data}
        if segments:
            data["segments"] = list(segments)
        return self.tell(
            REWORKED, order or self.order, quantity=amount(quantity), **data
        )

    def rework_order(self):
        """The one rework order there is of the order."""
        self.order.mfg_rework_order_ids.ensure_one()
        return self.order.mfg_rework_order_ids

    def valued_product(self):
        """What the order makes from now on: at average cost, of a board worth 10."""
        category = self.env["product.category"].create(
            {"name": "AVCO", "property_cost_method": "average"}
        )
        product = self.make_product("VALUED", categ_id=category.id)
        # as old as what happens to it
        prices = self.env["product.value"].search([("product_id", "=", product.id)])
        prices.date = moment(0, day=1)
        self.board.standard_price = 10
        self.order = self.make_order(
            bom=self.make_bom(product, [(self.board, 1, False)])
        )
        return product

    def done_order(self, **data):
        self.report(self.order, 10, final=True, **data)
        self.assertEqual(self.order.state, "done")
