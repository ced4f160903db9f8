# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import hashlib
import hmac
import json

import requests

from odoo import Command, api, models

TYPE = "mfg.event.posted.v1"
SECRET = b"a secret of the benchmark"
WEBHOOK = "bench_webhook"  # context: where a developer's webhook goes


class BenchWebhook(models.AbstractModel):
    """Telling a plant something: by the suite, and as a developer would write it."""

    _name = "bench.webhook"
    _description = "Webhooks of the Benchmark"

    @api.model
    def orders(self, count):
        """Drafts of one product of three components and two operations; their ids."""
        bom = self.env["mrp.bom"].search([("code", "=", TYPE)]) or self._bom()
        product = bom.product_tmpl_id.product_variant_id
        values = {"product_id": product.id, "product_qty": 10, "bom_id": bom.id}
        orders = [dict(values) for _number in range(count)]  # Odoo names them in place
        return self.env["mrp.production"].create(orders).ids

    def _bom(self):
        codes = ("WEBHOOK", "WEBHOOK-1", "WEBHOOK-2", "WEBHOOK-3")
        table, *parts = self.env["product.product"].create(
            [
                {"name": code, "default_code": code, "is_storable": True}
                for code in codes
            ]
        )
        centre = self.env["mrp.workcenter"].create({"name": "W", "code": "WEBHOOK"})
        operation = {"workcenter_id": centre.id, "time_cycle_manual": 5}
        return self.env["mrp.bom"].create(
            {
                "code": TYPE,
                "product_tmpl_id": table.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": 2})
                    for part in parts
                ],
                "operation_ids": [
                    Command.create({"name": name, **operation})
                    for name in ("Cut", "Pack")
                ],
            }
        )

    @api.model
    def _released(self, url, orders):
        """As a developer would tell of confirmed orders: a job for each."""
        for order in orders:
            self.with_delay(channel="root.bench")._send(url, json.dumps(_told(order)))

    @api.model
    def pushed(self, endpoint_id, start, count):
        """Events by the suite's outbox, each of an order of its own."""
        endpoint = self.env["mfg.endpoint"].browse(endpoint_id)
        for number in range(start, start + count):
            subject = f"order-{number}"
            self.env["mfg.outbox"].emit(
                TYPE,
                subject,
                self._data(number),
                endpoint.company_id,
                endpoint=endpoint,
            )
        return True

    @api.model
    def delayed(self, url, start, count):
        """One job for each webhook, which posts it."""
        for number in range(start, start + count):
            body = json.dumps(
                {"subject": f"order-{number}", "data": self._data(number)}
            )
            self.with_delay(channel="root.bench")._send(url, body)
        return True

    def _data(self, number):
        return {"eventId": str(number), "source": "s", "type": "t", "records": []}

    @api.model
    def _send(self, url, body):
        signature = hmac.new(SECRET, body.encode(), hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-signature": signature}
        requests.post(url, body, headers=headers, timeout=20).raise_for_status()


def _told(order):
    """An order as a plant needs it."""
    return {
        "order": order.name,
        "product": order.product_id.default_code,
        "quantity": order.product_qty,
        "unit": order.product_uom_id.name,
        "start": str(order.date_start),
        "end": str(order.date_finished),
        "components": [
            {
                "product": move.product_id.default_code,
                "quantity": move.product_uom_qty,
                "unit": move.product_uom.name,
            }
            for move in order.move_raw_ids
        ],
        "operations": [
            {
                "name": operation.name,
                "machine": operation.workcenter_id.code,
                "minutes": operation.duration_expected,
            }
            for operation in order.workorder_ids
        ],
    }
