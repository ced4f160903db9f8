# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import hashlib
import hmac
import json

import requests

from odoo import api, models

TYPE = "mfg.event.posted.v1"
SECRET = b"a secret of the benchmark"


class BenchWebhook(models.AbstractModel):
    """Telling a plant something: by the suite, and as a developer would write it."""

    _name = "bench.webhook"
    _description = "Webhooks of the Benchmark"

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
