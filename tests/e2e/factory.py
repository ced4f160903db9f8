# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A small factory in Odoo: one product, two operations, two components, one worker."""

import uuid

REPORTED = "mfg.production.reported.v1"
CONSUMED = "mfg.material.consumed.v1"
SCRAPPED = "mfg.production.scrapped.v1"
STARTED = "mfg.jobresponse.started.v1"
PAUSED = "mfg.jobresponse.paused.v1"
RESUMED = "mfg.jobresponse.resumed.v1"
COMPLETED = "mfg.jobresponse.completed.v1"
RELEASED = "mfg.joborder.released.v1"
PIECE = "C62"


def pieces(number):
    return {"value": str(number), "unitCode": PIECE}


def at(time):
    """A moment of the day the factory works on, in the plant's own zone."""
    return f"2026-01-31T{time}:00+01:00"


class Factory:
    """Master data, made by the planner; codes are new for every factory."""

    def __init__(self, world):
        self.world, self.odoo = world, world.odoo
        self.tag = uuid.uuid4().hex[:6].upper()
        odoo = self.odoo
        warehouse = odoo.read("stock.warehouse", [], "lot_stock_id", limit=1)[0]
        self.stock = warehouse["lot_stock_id"][0]
        self.saw, self.desk = self._centres()
        piece, kilo = map(odoo.xmlid, ("uom.product_uom_unit", "uom.product_uom_kgm"))
        self.table = self._product("TABLE", piece)
        self.plank = self._product("PLANK", piece)
        self.glue = self._product("GLUE", kilo, tracking="lot")
        self.lot = self._create("stock.lot", name=f"L-{self.tag}", product_id=self.glue)
        self._lay_in(self.plank, 1000)
        self._lay_in(self.glue, 100, self.lot)
        self.worker = self._create("hr.employee", name="Kim", barcode=f"KIM{self.tag}")
        self.bom = self._bom()

    def code(self, name):
        return f"{name}-{self.tag}"

    def used(self, name, number, unit):
        """A component as the plant reports it; glue comes out of its one lot."""
        amount = {"value": str(number), "unitCode": unit}
        material = {"materialDefinitionId": self.code(name), "quantity": amount}
        if name == "GLUE":
            lot = {"materialLotId": f"L-{self.tag}", "quantity": amount}
            material["lots"] = [lot]
        return material

    def _create(self, model, **values):
        return self.odoo.call(model, "create", [values])[0]

    def _product(self, name, unit, **values):
        return self._create(
            "product.product",
            name=name.title(),
            default_code=self.code(name),
            type="consu",
            is_storable=True,
            uom_id=unit,
            **values,
        )

    def _centres(self):
        return [
            self._create("mrp.workcenter", name=name.title(), code=self.code(name))
            for name in ("SAW", "DESK")
        ]

    def _lay_in(self, product, amount, lot=False):
        quant = {
            "product_id": product,
            "location_id": self.stock,
            "lot_id": lot,
            "inventory_quantity_auto_apply": amount,
        }
        context = {"inventory_mode": True}
        self.odoo.call("stock.quant", "create", [quant], context=context)

    def _bom(self):
        rows = self.odoo.read(
            "product.product", [("id", "=", self.table)], "product_tmpl_id"
        )
        operations = [
            {"name": "Cut", "workcenter_id": self.saw, "time_cycle_manual": 5},
            {"name": "Pack", "workcenter_id": self.desk, "time_cycle_manual": 2},
        ]
        return self._create(
            "mrp.bom",
            product_tmpl_id=rows[0]["product_tmpl_id"][0],
            operation_ids=[(0, 0, operation) for operation in operations],
            bom_line_ids=[
                (0, 0, {"product_id": self.plank, "product_qty": 4}),
                (0, 0, {"product_id": self.glue, "product_qty": 0.1}),
            ],
        )

    def order(self, quantity=10, confirm=True):
        """A production order; its id and name."""
        id_ = self._create(
            "mrp.production",
            product_id=self.table,
            product_qty=quantity,
            bom_id=self.bom,
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

    def glue(self, grams):
        used = self.factory.used("GLUE", grams, "GRM")
        return self.add(CONSUMED, operationsSegmentId="Cut", materials=[used])

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
