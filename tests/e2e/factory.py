# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A small factory in Odoo: one product, two operations, two components, one worker."""

import uuid
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

REPORTED = "mfg.production.reported.v1"
CONSUMED = "mfg.material.consumed.v1"
SCRAPPED = "mfg.production.scrapped.v1"
STARTED = "mfg.jobresponse.started.v1"
PAUSED = "mfg.jobresponse.paused.v1"
RESUMED = "mfg.jobresponse.resumed.v1"
COMPLETED = "mfg.jobresponse.completed.v1"
RETURNED = "mfg.material.returned.v1"
REWORKED = "mfg.production.reworked.v1"
LABOR = "mfg.labor.reported.v1"
RELEASED = "mfg.joborder.released.v1"
PIECE = "C62"
OPERATION = "name", "workcenter_id", "time_cycle_manual"


def amount(number, unit):
    return {"value": str(number), "unitCode": unit}


def pieces(number):
    return amount(number, PIECE)


def at(time):
    """A moment of the day the factory works on, in the plant's own zone."""
    return f"2026-01-31T{time}:00+01:00"


def ago(minutes):
    """A moment so many minutes ago."""
    moment = datetime.now(timezone.utc) - timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def lots(*names, **quantities):
    """Lots of a quantity: names alone, or each with its quantity."""
    alone = [{"materialLotId": name} for name in names]
    parts = quantities.items()
    return alone + [{"materialLotId": n, "quantity": part} for n, part in parts]


class Recipe(NamedTuple):
    """A product and its bill of materials, as ids."""

    product: int
    bom: int


class Factory:
    """Master data, made by the planner; codes are new for every factory.

    :param prices: of products, by name
    :param values: of all products
    """

    def __init__(self, world, prices=(), **values):
        self.world, self.odoo = world, world.odoo
        self.prices, self.values = dict(prices), values
        self.tag = uuid.uuid4().hex[:6].upper()
        odoo = self.odoo
        warehouse = odoo.read("stock.warehouse", [], "lot_stock_id", limit=1)[0]
        self.stock = warehouse["lot_stock_id"][0]
        self.saw, self.desk = self._centres()
        units = "uom.product_uom_unit", "uom.product_uom_kgm"
        self.piece, self.kilo = map(odoo.xmlid, units)
        self.table = self.product("TABLE", self.piece)
        self.plank = self.product("PLANK", self.piece)
        self.glue = self.product("GLUE", self.kilo, tracking="lot")
        self.lay_in(self.plank, 1000)
        self.lot = self.lay_in_lot(self.glue, f"L-{self.tag}", 100)
        self.worker = self.create("hr.employee", name="Kim", barcode=f"KIM{self.tag}")
        operations = [("Cut", self.saw, 5), ("Pack", self.desk, 2)]
        components = {self.plank: 4, self.glue: 0.1}
        self.recipe = self.bill(self.table, components, operations)

    def code(self, name):
        return f"{name}-{self.tag}"

    def used(self, name, number, unit=PIECE, **more):
        """A component as the plant reports it; glue comes out of its one lot."""
        quantity = amount(number, unit)
        material = {"materialDefinitionId": self.code(name), "quantity": quantity}
        if name == "GLUE":
            material["lots"] = lots(**{f"L-{self.tag}": quantity})
        return {**material, **more}

    def create(self, model, **values):
        return self.odoo.call(model, "create", [values])[0]

    def product(self, name, unit, **values):
        return self.create(
            "product.product",
            name=name.title(),
            default_code=self.code(name),
            type="consu",
            is_storable=True,
            uom_id=unit,
            **{"standard_price": self.prices.get(name, 0), **self.values, **values},
        )

    def _centres(self):
        return [
            self.create("mrp.workcenter", name=name.title(), code=self.code(name))
            for name in ("SAW", "DESK")
        ]

    def lay_in(self, product, number, lot=False):
        quant = {
            "product_id": product,
            "location_id": self.stock,
            "lot_id": lot,
            "inventory_quantity_auto_apply": number,
        }
        context = {"inventory_mode": True}
        self.odoo.call("stock.quant", "create", [quant], context=context)

    def lay_in_lot(self, product, name, number):
        """Stock of a new lot; its id."""
        lot = self.create("stock.lot", name=name, product_id=product)
        self.lay_in(product, number, lot)
        return lot

    def bill(self, product, components, operations=(), **values):
        """A bill of materials.

        :param components: product -> quantity per piece
        :param operations: (name, work centre, minutes)
        """
        fields = "product_tmpl_id", "uom_id"
        [row] = self.odoo.read("product.product", [("id", "=", product)], *fields)
        bom = self.create(
            "mrp.bom",
            product_tmpl_id=row["product_tmpl_id"][0],
            product_uom_id=row["uom_id"][0],
            operation_ids=[
                (0, 0, dict(zip(OPERATION, operation, strict=True)))
                for operation in operations
            ],
            bom_line_ids=[
                (0, 0, {"product_id": component, "product_qty": quantity})
                for component, quantity in components.items()
            ],
            **values,
        )
        return Recipe(product, bom)

    def order(self, quantity=10, confirm=True, recipe=None):
        """A production order, of tables unless said; its id and name."""
        recipe = recipe or self.recipe
        id_ = self.create(
            "mrp.production",
            product_id=recipe.product,
            product_qty=quantity,
            bom_id=recipe.bom,
            origin=self.code("SO"),
        )
        if confirm:
            self.odoo.call("mrp.production", "action_confirm", [id_])
        return id_, self.world.value(
            "SELECT name FROM mrp_production WHERE id = %s", id_
        )

    # -- the oracle ------------------------------------------------------------------

    def on_hand(self, product):
        total = "SELECT sum(quantity) FROM stock_quant WHERE product_id = %s"
        total += " AND location_id IN (SELECT id FROM stock_location"
        total += " WHERE usage = 'internal')"
        return float(self.world.value(total, product) or 0)

    def moved(self, order, link, product):
        """Done quantity of an order's finished or raw moves."""
        assert link in ("production_id", "raw_material_production_id")
        query = f"SELECT sum(quantity) FROM stock_move WHERE {link} = %s"
        query += " AND product_id = %s AND state = 'done' AND scrap_id IS NULL"
        return float(self.world.value(query, order, product) or 0)

    def scrapped(self, order):
        query = "SELECT sum(scrap_qty) FROM stock_scrap"
        query += " WHERE production_id = %s AND state = 'done'"
        return float(self.world.value(query, order) or 0)

    def value(self, order, link):
        """What an order's finished or raw moves were worth."""
        query = f"SELECT sum(value) FROM stock_move WHERE {link} = %s"
        return float(self.world.value(f"{query} AND state = 'done'", order) or 0)

    def genealogy(self, order):
        """(goods, their lot, component, its lot) -> how much of it went in."""
        rows = self.world.rows(
            "SELECT gp.default_code, gl.name, cp.default_code, cl.name,"
            "  sum(c.quantity_product_uom)"
            " FROM stock_move_line_consume_rel r"
            " JOIN stock_move_line g ON g.id = r.consume_line_id"
            " JOIN stock_move m ON m.id = g.move_id AND m.production_id = %s"
            " JOIN stock_move_line c ON c.id = r.produce_line_id"
            " JOIN product_product gp ON gp.id = g.product_id"
            " JOIN product_product cp ON cp.id = c.product_id"
            " LEFT JOIN stock_lot gl ON gl.id = g.lot_id"
            " LEFT JOIN stock_lot cl ON cl.id = c.lot_id GROUP BY 1, 2, 3, 4",
            order,
        )
        return {tuple(row[:4]): float(row[4]) for row in rows}

    def lots_on_hand(self, product):
        """Lot -> quantity in stock."""
        rows = self.world.rows(
            "SELECT l.name, sum(q.quantity) FROM stock_lot l"
            " JOIN stock_quant q ON q.lot_id = l.id"
            " JOIN stock_location p ON p.id = q.location_id AND p.usage = 'internal'"
            " WHERE l.product_id = %s GROUP BY 1 HAVING sum(q.quantity) <> 0",
            product,
        )
        return {name: float(quantity) for name, quantity in rows}

    def state(self, order):
        return self.world.value("SELECT state FROM mrp_production WHERE id = %s", order)

    def operations(self, order):
        """name -> (state, start, end, pieces, labour minutes) of the work orders."""
        rows = self.world.rows(
            "SELECT w.name, w.state, w.date_start::text, w.date_finished::text,"
            " w.qty_produced, (SELECT"
            "  sum(extract(epoch FROM p.date_end - p.date_start)) / 60"
            "  FROM mrp_workcenter_productivity p WHERE p.workorder_id = w.id)"
            " FROM mrp_workorder w WHERE w.production_id = %s",
            order,
        )
        return {
            name: (state, start, end, float(count), float(minutes or 0))
            for name, state, start, end, count, minutes in rows
        }


class Story:
    """The events of one order, numbered as the plant sends them."""

    def __init__(self, factory, endpoint, name):
        self.factory, self.endpoint, self.name = factory, endpoint, name
        self.events = []

    def add(self, type_, **data):
        data = {"jobOrderId": self.name, **data}
        event = self.endpoint.event(
            data,
            type_,
            subject=self.name,
            sequence=str(len(self.events) + 1),
            time=data.get("time", at("12:00")),
        )
        self.events.append(event)
        return event

    def respond(self, type_, segment, time, machine="SAW"):
        return self.add(
            type_,
            operationsSegmentId=segment,
            equipmentId=self.factory.code(machine),
            personId=f"KIM{self.factory.tag}",
            time=at(time),
        )

    def use(self, name, number, unit=PIECE, time="09:00", **more):
        used = self.factory.used(name, number, unit, **more)
        return self.add(CONSUMED, materials=[used], time=at(time))

    def glue(self, grams):
        used = self.factory.used("GLUE", grams, "GRM")
        return self.add(CONSUMED, operationsSegmentId="Cut", materials=[used])

    def make(self, number, time="12:00", unit=PIECE, **more):
        """Goods of the order, whatever its last operation."""
        return self.add(REPORTED, quantity=amount(number, unit), time=at(time), **more)

    def reverse(self, event):
        """Take an event back, in its turn."""
        undo = self.endpoint.reversal(event)
        undo["sequence"] = str(len(self.events) + 1)
        self.events.append(undo)
        return undo

    def report(self, number, time, final=False, segment="Pack"):
        return self.add(
            REPORTED,
            operationsSegmentId=segment,
            quantity=pieces(number),
            backflush="auto",
            final=final,
            time=at(time),
        )

    def scrap(self, number, time):
        return self.add(
            SCRAPPED, quantity=pieces(number), reasonCode="REJECT", time=at(time)
        )

    def whole(self):
        """An order of 10: glue by hand, 4 and 5 good pieces, 1 rejected."""
        self.respond(STARTED, "Cut", "08:00")
        self.glue(900)
        self.respond(PAUSED, "Cut", "08:20")
        self.respond(RESUMED, "Cut", "08:30")
        self.respond(COMPLETED, "Cut", "09:00")
        self.respond(STARTED, "Pack", "09:00", "DESK")
        self.report(4, "09:30")
        self.scrap(1, "09:40")
        self.respond(COMPLETED, "Pack", "10:00", "DESK")
        self.report(5, "10:00", final=True)
        return self.events

    @property
    def ids(self):
        return [event["id"] for event in self.events]
