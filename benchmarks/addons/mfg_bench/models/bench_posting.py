# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from odoo import api, fields, models, tools

from odoo.addons.mfg_integration_base.engine.times import parse_time
from odoo.addons.mfg_integration_base.models.mfg_resolver import Memo

ENDPOINT_CODE = "bench"
UNLINKED = "mfg_bench_unlinked"


@dataclass(eq=False)
class Report:
    """What a handler asks of a message, without a row in the log."""

    env: api.Environment
    event: dict
    endpoint_id: models.BaseModel
    interface_id: models.BaseModel
    received_at: datetime
    id = 0  # of no row
    approved = None
    rest_of_id = False

    @property
    def type(self):
        return self.event["type"]

    @property
    def event_id(self):
        return self.event["id"]

    @property
    def source(self):
        return self.event["source"]

    @property
    def company_id(self):
        return self.endpoint_id.company_id

    @cached_property
    def event_time(self):
        text = self.event.get("time")
        return parse_time(text).replace(tzinfo=None) if text else False

    def _event(self):
        return self.event

    def _event_data(self):
        return self.event.get("data") or {}

    def _link(self, records, role="created", undo=None):
        """Links are the log's; a rival has none."""

    def _insist(self, failure):
        """Nobody approves of anything here."""
        raise failure


class BenchPosting(models.AbstractModel):
    """The business effect of an event and nothing else: the work all contenders share.

    No log row, no link, no attempt, no answer, no job. The caller commits.
    """

    _name = "bench.posting"
    _description = "Bare Posting of a Plant Event"

    @api.model
    def _post(self, event):
        """Post one CloudEvent, given as a dict as the plant sends it."""
        report = self._report(event)
        report.env["mfg.handler"]._for_type(report.type)._post([report])
        self.env.flush_all()

    def _report(self, event):
        endpoint_id, interface_id = self._addresses(event["type"])
        # sudo: any caller may post here; the service user's rights decide the rest
        endpoint = self.env["mfg.endpoint"].sudo().browse(endpoint_id)
        env = endpoint._service_env()
        env = env(context={**env.context, UNLINKED: True, "mfg_memo": Memo()})
        return Report(
            env,
            event,
            endpoint.with_env(env),
            env["mfg.interface"].browse(interface_id),
            fields.Datetime.now(),
        )

    @api.model
    @tools.ormcache("event_type")
    def _addresses(self, event_type):
        """Ids of the endpoint and its interface, looked up once per process."""
        endpoint = self.env["mfg.endpoint"].sudo()
        endpoint = endpoint.search([("code", "=", ENDPOINT_CODE)], limit=1)
        return endpoint.id, endpoint._interface(event_type).id
