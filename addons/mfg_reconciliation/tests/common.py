# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.addons.mfg_mes_connector.tests.common import (
    CONSUMED,
    REPORTED,
    SCRAPPED,
    MesCase,
    amount,
    at,
)

SNAPSHOT = "mfg.snapshot.reported.v1"
REQUESTED = "mfg.snapshot.requested.v1"
RETURNED = "mfg.material.returned.v1"
REVERSED = "mfg.event.reversed.v1"
LABOR = "mfg.labor.reported.v1"
WHY = "The shift lead counted it"


class ReconcileCase(MesCase):
    """A plant that reports, loses and repeats events, and tells what it counted."""

    def setUp(self):
        super().setUp()
        self.order = self.make_order()
        self.sent = []  # what the plant believes it sent

    def with_resin(self):
        """A component by lots: R1 and R2, 5 kilos of each in stock."""
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": resin.id} for name in ("R1", "R2")]
        )
        for lot in lots:
            self.lay_in(resin, 5, lot=lot)
        return resin, lots

    # -- the plant -------------------------------------------------------------------

    def plant_sends(self, event_type, lost=False, **data):
        """An event of the order; the plant notes it even where it is lost."""
        code = self.order.mfg_job_order_id
        event = self.event(event_type, {"jobOrderId": code, **data}, subject=code)
        self.sent.append(event)
        if lost:
            return None
        return self.arrives(event)

    def arrives(self, event):
        """An event comes in, and is posted if it may."""
        [answer] = self.accept(event)
        self.drain()
        self.order.invalidate_recordset()
        return self.env["mfg.message"].browse(int(answer["href"].rpartition("/")[2]))

    def again(self, event=None):
        """The plant sends the same once more, under another id, and knows nothing."""
        event = event or self.sent[-1]
        return self.arrives({**event, "id": f"{event['id']}-again"})

    def makes(self, quantity, hour=10, lost=False, **data):
        return self.plant_sends(
            REPORTED, lost, quantity=amount(quantity), time=at(hour), **data
        )

    def uses(self, product, quantity, unit="KGM", hour=9, lost=False, **more):
        line = {
            "materialDefinitionId": product.default_code,
            "quantity": amount(quantity, unit),
            **more,
        }
        return self.plant_sends(CONSUMED, lost, materials=[line], time=at(hour))

    def scraps(self, quantity, hour=10, lost=False):
        reason = self.env["stock.scrap.reason.tag"].search([], limit=1)
        return self.plant_sends(
            SCRAPPED,
            lost,
            quantity=amount(quantity),
            reasonCode=reason.name,
            time=at(hour),
        )

    def works(self, minutes, segment="Cut", hour=8, lost=False):
        return self.plant_sends(
            LABOR,
            lost,
            operationsSegmentId=segment,
            startTime=at(hour),
            endTime=at(hour + minutes // 60, minutes % 60),
        )

    def counts(self, produced, hour=12, state="Running", listed=False, **data):
        """The plant tells what it counted; the message, once it is compared."""
        if listed:
            events = [{"eventId": e["id"], "type": e["type"]} for e in self.sent]
            data["events"] = events
        code = self.order.mfg_job_order_id
        body = {
            "jobOrderId": code,
            "asOf": at(hour),
            "produced": amount(produced),
            "state": state,
            **data,
        }
        return self.arrives(self.event(SNAPSHOT, body, subject=code, time=at(hour)))

    def used(self, product, quantity, unit="KGM", **more):
        """A line of a snapshot's ``consumed``."""
        return {
            "materialDefinitionId": product.default_code,
            "quantity": amount(quantity, unit),
            **more,
        }

    # -- Odoo --------------------------------------------------------------------------

    @property
    def found(self):
        """The order's newest reconciliation with the plant's count."""
        return self.env["mfg.reconciliation"].search(
            [("order_id", "=", self.order.id), ("kind", "=", "snapshot")], limit=1
        )

    def line(self, what, product=None, lot=None):
        lines = self.found.line_ids.filtered(
            lambda x: (
                x.what == what
                and (not product or x.product_id == product)
                and (not lot or x.lot_id == lot)
            )
        )
        self.assertEqual(len(lines), 1, self.found.line_ids.mapped("figure"))
        return lines

    def made(self):
        return float(self.order._mfg_produced())

    def consumed(self, product):
        moves = self.order._mfg_family().move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state == "done"
        )
        return round(sum(moves.mapped("quantity")), 4)

    def heal(self, lines=None, reason=WHY):
        """A person posts the corrections; then the drain does."""
        lines = lines or self.found.line_ids.filtered(lambda x: x._is_correctable())
        lines._correct(reason)
        self.drain()
        self.env.invalidate_all()

    def assertDiffers(self, *expected):
        """(what, product or None, difference, cause) of each open line."""
        lines = self.found.line_ids.filtered(lambda x: x.state == "open")
        seen = [
            (
                x.what,
                x.product_id.default_code or None,
                round(x.difference, 4),
                x.cause,
            )
            for x in lines
        ]
        self.assertEqual(sorted(map(str, seen)), sorted(map(str, expected)))
        self.assertEqual(self.found.state, "differs")

    def assertMatched(self, *states):
        self.assertFalse(
            self.found.line_ids.filtered(
                lambda x: x.state in ("open", "posting")
            ).mapped("explanation")
        )
        self.assertIn(self.found.state, states or ("matched",))
