# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Products that accounting values at once: what they are worth, and what is booked."""

import uuid

RATE = 60  # of an hour of work
ACCOUNTS = {"Stock": "asset_current", "Making": "asset_current", "Work": "expense"}
DONE = "state = 'done' AND quantity <> 0"


class Books:
    """Accounts, and a category of products for each costing method."""

    def __init__(self, factory):
        self.factory, self.world, self.odoo = factory, factory.world, factory.odoo
        create, tag = factory.create, uuid.uuid4().hex[:5].upper()
        self.company = self.odoo.xmlid("base.main_company")
        self.journal = create(
            "account.journal", name=f"Stock {tag}", code=tag, type="general"
        )
        self.odoo.call(
            "res.company",
            "write",
            [self.company],
            {"account_stock_journal_id": self.journal},
        )
        self.stock, self.making, self.work = (
            create("account.account", name=name, code=f"{tag}{name}", account_type=kind)
            for name, kind in ACCOUNTS.items()
        )
        places = [("usage", "=", "production"), ("company_id", "=", self.company)]
        ids = self.odoo.call("stock.location", "search", places)
        values = {"valuation_account_id": self.making}
        self.odoo.call("stock.location", "write", ids, values)

    def category(self, method):
        return self.factory.create(
            "product.category",
            name=f"Valued {method}",
            property_cost_method=method,
            property_valuation="real_time",
            property_stock_valuation_account_id=self.stock,
            property_stock_journal=self.journal,
        )

    def centre(self, name):
        return self.factory.create(
            "mrp.workcenter",
            name=name,
            code=self.factory.code(name),
            costs_hour=RATE,
            expense_account_id=self.work,
        )

    def receive(self, product, quantity, price):
        """Goods come in by a transfer, at a price."""
        incoming = [("code", "=", "incoming"), ("company_id", "=", self.company)]
        [kind] = self.odoo.read("stock.picking.type", incoming, "id", limit=1)
        places = {
            "location_id": self.odoo.xmlid("stock.stock_location_suppliers"),
            "location_dest_id": self.factory.stock,
        }
        move = {"product_id": product, "product_uom_qty": quantity, **places}
        picking = self.factory.create(
            "stock.picking",
            picking_type_id=kind["id"],
            move_ids=[(0, 0, move)],
            **places,
        )
        self.odoo.call("stock.picking", "action_confirm", [picking])
        moves = self.odoo.call("stock.move", "search", [("picking_id", "=", picking)])
        done = {"quantity": quantity, "picked": True}
        self.odoo.call("stock.move", "write", moves, done)
        self.odoo.call("stock.picking", "button_validate", [picking])
        value = {"value_manual": quantity * price}
        self.odoo.call("stock.move", "write", moves, value)

    # -- the oracle --------------------------------------------------------------------

    def values(self, orders, link):
        """What each posting of orders was worth, in their order."""
        rows = self.world.rows(
            f"SELECT coalesce(value, 0) FROM stock_move WHERE {link} IN %s"
            f" AND {DONE} ORDER BY id",
            tuple(orders),
        )
        return [round(float(value), 2) for (value,) in rows]

    def balance(self, account, products):
        """What is booked on an account for products."""
        total = "SELECT sum(balance) FROM account_move_line WHERE account_id = %s"
        total += " AND parent_state = 'posted' AND product_id IN %s"
        booked = self.world.value(total, account, tuple(products))
        return round(float(booked or 0), 2)

    def labour(self, order):
        """What is booked on the account of what is being made for work on an order."""
        rows = self.odoo.read("mrp.production", [("id", "=", order)], "name")
        total = "SELECT sum(balance) FROM account_move_line WHERE account_id = %s"
        total += " AND parent_state = 'posted' AND product_id IS NULL AND name LIKE %s"
        booked = self.world.value(total, self.making, f"{rows[0]['name']} - %")
        return round(float(booked or 0), 2)

    def prices(self, products):
        return self._read(products, "standard_price")

    def worth(self, products):
        """What the stock of each product is worth, as a controller sees it."""
        return self._read(products, "total_value")

    def _read(self, products, name):
        rows = self.odoo.read("product.product", [("id", "in", products)], name)
        found = {row["id"]: round(row[name], 2) for row in rows}
        return [found[product] for product in products]
