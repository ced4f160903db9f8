# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Point to point: the plant calls Odoo's own external API (JSON-2), event by event.

As a competent integrator writes it with public methods only: master data and what an
order consists of are read once and kept in memory, so are the ids of open intervals; an
interval and its operation are written in one call. Finished goods before the last ones
need a backorder, the only partial posting there is a public method for; a component
reported by hand is set aside on its line and posted with the next finished goods.

Orders are shared out among parallel clients, each order to one, so that its events stay
in order.
"""

import threading
from decimal import Decimal

import requests

from ..plan import GRAM, REASON
from .served import Served

QUIET = {"bypass_duration_calculation": True}
DONE = {"skip_backorder": True, "skip_consumption": True, "skip_redirection": True}


class Direct(Served):
    def __init__(self, name, clients):
        super().__init__(name)
        self.clients = clients

    def prepare(self):
        self.integrators = None

    def post(self, url, events):
        if self.integrators is None:
            key = self.world["rpc_key"]
            self.integrators = [Integrator(url, key) for _n in range(self.clients)]
        shares, turns = [[] for _integrator in self.integrators], {}
        for event in events:
            turn = turns.setdefault(event["subject"], len(turns))
            shares[turn % self.clients].append(event)
        self._together(shares)

    def _together(self, shares):
        failures = []

        def work(integrator, share):
            try:
                for event in share:
                    integrator.post(event)
            except Exception as error:  # told to the thread that waits
                failures.append(error)

        pairs = zip(self.integrators, shares, strict=True)
        threads = [threading.Thread(target=work, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]


class Api:
    """Odoo's JSON-2 API."""

    def __init__(self, url, key):
        self.url = f"{url}/json/2"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {key}"

    def call(self, model, method, **arguments):
        url = f"{self.url}/{model}/{method}"
        answer = self.session.post(url, json=arguments, timeout=120)
        if not answer.ok:
            raise RuntimeError(f"{model}.{method}: {answer.text[:500]}")
        return answer.json()

    def create(self, model, **values):
        return self.call(model, "create", vals_list=[values])[0]

    def write(self, model, id_, context=None, **values):
        arguments = {"context": context} if context else {}
        self.call(model, "write", ids=[id_], vals=values, **arguments)

    def read(self, model, domain, *fields):
        return self.call(model, "search_read", domain=domain, fields=fields)

    def codes(self, model, field):
        """Master data that never changes here: code -> id."""
        rows = self.read(model, [(field, "!=", False)], field)
        return {row[field]: row["id"] for row in rows}


class Order:
    """What the integrator keeps of an order in memory."""

    def __init__(self, api, name):
        self.api, self.lot, self.intervals = api, None, {}
        self.read([("name", "=", name)])

    def read(self, domain):
        """The order, or the backorder in which it goes on; its operations and parts."""
        names = "product_id", "production_group_id", "production_location_id", "state"
        [row] = self.api.read("mrp.production", domain, "company_id", *names)
        self.id, self.product = row["id"], row["product_id"][0]
        self.company, self.place = (
            row["company_id"][0],
            row["production_location_id"][0],
        )
        self.group = row["production_group_id"][0]
        mine = [("production_id", "=", self.id)]
        operations = self.api.read("mrp.workorder", mine, "name", "qty_produced")
        self.operations = {row["name"]: row["id"] for row in operations}
        self.counts = dict.fromkeys(self.operations, Decimal())
        raw = [("raw_material_production_id", "=", self.id)]
        self.parts = {
            row["product_id"][0]: row["id"]
            for row in self.api.read("stock.move", raw, "product_id")
        }

    def go_on(self):
        """In the backorder that Odoo made."""
        group = ("production_group_id", "=", self.group)
        self.read([group, ("state", "not in", ("done", "cancel"))])


class Integrator:
    """One client: what each event means in calls of the API."""

    def __init__(self, url, key):
        self.api, self.orders = Api(url, key), {}
        self.products = self.api.codes("product.product", "default_code")
        self.machines = self.api.codes("mrp.workcenter", "code")
        self.reason = self.api.codes("stock.scrap.reason.tag", "name")[REASON]
        scrap = [("usage", "=", "inventory")]
        self.scrap = self.api.read("stock.location", scrap, "name")[0]
        productive = [("loss_type", "=", "productive")]
        self.loss = self.api.read(
            "mrp.workcenter.productivity.loss", productive, "name"
        )[0]

    def post(self, event):
        data, name = event["data"], event["subject"]
        if name not in self.orders:
            self.orders[name] = Order(self.api, name)
        method = event["type"].removeprefix("mfg.").removesuffix(".v1")
        getattr(self, method.replace(".", "_"))(self.orders[name], data)

    # -- operations --------------------------------------------------------------

    def jobresponse_started(self, order, data):
        time = _time(data)
        self._begin(order, data, state="progress", date_start=time)

    def jobresponse_resumed(self, order, data):
        self._begin(order, data)

    def _begin(self, order, data, **values):
        """An interval of labour; its id is needed to end it."""
        operation = data["operationsSegmentId"]
        order.intervals[operation] = self.api.create(
            "mrp.workcenter.productivity",
            workorder_id=order.operations[operation],
            workcenter_id=self.machines[data["equipmentId"]],
            loss_id=self.loss["id"],
            date_start=_time(data),
        )
        if values:
            id_ = order.operations[operation]
            self.api.write("mrp.workorder", id_, QUIET, **values)

    def jobresponse_paused(self, order, data):
        interval = order.intervals.pop(data["operationsSegmentId"])
        model = "mrp.workcenter.productivity"
        self.api.write(model, interval, date_end=_time(data))

    def jobresponse_completed(self, order, data):
        operation, time = data["operationsSegmentId"], _time(data)
        interval = order.intervals.pop(operation)
        self.api.write(
            "mrp.workorder",
            order.operations[operation],
            QUIET,
            time_ids=[(1, interval, {"date_end": time})],
            state="done",
            date_finished=time,
        )

    # -- material ----------------------------------------------------------------

    def material_consumed(self, order, data):
        for material in data["materials"]:
            move = order.parts[self.products[material["materialDefinitionId"]]]
            used = _amount(material["quantity"])
            by_hand = {"picked": True, "manual_consumption": True}
            self.api.write("stock.move", move, quantity=used, **by_hand)

    def production_reported(self, order, data):
        if "operationsSegmentId" in data:
            self._count(order, data)
        else:
            self._finish(order, data)

    def _count(self, order, data):
        operation = data["operationsSegmentId"]
        order.counts[operation] += Decimal(data["quantity"]["value"])
        count = float(order.counts[operation])
        self.api.write("mrp.workorder", order.operations[operation], qty_produced=count)

    def _finish(self, order, data):
        values = {"qty_producing": _amount(data["quantity"])}
        if lot := self._lot(order, data):
            values["lot_producing_ids"] = [(6, 0, [lot])]
        self.api.write("mrp.production", order.id, **values)
        self.api.call("mrp.production", "set_qty_producing", ids=[order.id])
        rest = {} if data["final"] else {"mo_ids_to_backorder": [order.id]}
        self.api.call(
            "mrp.production", "button_mark_done", ids=[order.id], context=DONE | rest
        )
        if data["final"]:
            self._assure_done(order)
        else:
            order.go_on()

    def _assure_done(self, order):
        """Odoo's button does not raise when it stops short."""
        [row] = self.api.read("mrp.production", [("id", "=", order.id)], "state")
        if row["state"] != "done":
            raise RuntimeError(f"order {order.id} is {row['state']}")

    def production_scrapped(self, order, data):
        scrap = self.api.create(
            "stock.scrap",
            company_id=order.company,
            product_id=order.product,
            scrap_qty=_amount(data["quantity"]),
            lot_id=self._lot(order, data),
            location_id=order.place,
            scrap_location_id=self.scrap["id"],
            production_id=order.id,
            scrap_reason_tag_ids=[(6, 0, [self.reason])],
        )
        self.api.call("stock.scrap", "do_scrap", ids=[scrap])

    def _lot(self, order, data):
        """The lot the plant names, made when it is named first."""
        if "lots" not in data:
            return False
        if order.lot is None:
            name = data["lots"][0]["materialLotId"]
            order.lot = self.api.create(
                "stock.lot", name=name, product_id=order.product
            )
        return order.lot


def _time(data):
    return data["time"].replace("T", " ").removesuffix("Z")


def _amount(quantity):
    """In the product's own unit: what is reported in grams is kept in kilograms."""
    amount = Decimal(quantity["value"])
    return float(amount / 1000 if quantity["unitCode"] == GRAM else amount)
