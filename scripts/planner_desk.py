# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The planner's desk: the meaning of the plant's reasons, policies, approvals."""

from plantsim import masterdata, reasons
from plantsim.log import BREAKDOWN, SETUP

# The plant's reasons to stand still and Odoo's own (mrp, "Productivity Losses").
LOSSES = {
    reasons.STOPS[SETUP]: "mrp.block_reason2",  # Setup and Adjustments
    reasons.STOPS[BREAKDOWN]: "mrp.block_reason1",  # Equipment Failure
}
LOSS = "mrp.workcenter.productivity.loss"
# Goods are not held up by a component that Odoo does not know to be there yet; what the
# plant leaves of an order that it ends as a whole is made later.
POLICIES = {
    "mfg.production.reported.v1": {"shortage": "wait"},
    "mfg.jobresponse.completed.v1": {"rest_of_final": "backorder"},
}


class Desk:
    """Decisions of a person; made again they change nothing."""

    def __init__(self, odoo):
        self.odoo = odoo

    def explain_reasons(self, source):
        """What the reason codes of the plant with this source mean in Odoo."""
        tags = {code: {"color": 1} for code in reasons.PIECES}
        self.odoo.ensure("stock.scrap.reason.tag", "name", tags)
        endpoint = self._endpoint(source)
        domain = [("endpoint_id", "=", endpoint), ("kind", "=", "loss")]
        known = {row["code"] for row in self.odoo.read("mfg.mapping", domain, "code")}
        missing = [
            {
                "endpoint_id": endpoint,
                "kind": "loss",
                "code": code,
                "record": f"{LOSS},{self.odoo.xmlid(loss)}",
            }
            for code, loss in LOSSES.items()
            if code not in known
        ]
        if missing:
            self.odoo.call("mfg.mapping", "create", missing)

    def set_policies(self, source):
        endpoint = self._endpoint(source)
        for event_type, values in POLICIES.items():
            domain = [("endpoint_id", "=", endpoint), ("type", "=", event_type)]
            found = self.odoo.call("mfg.interface", "search", domain)
            self.odoo.call("mfg.interface", "write", found, values)

    def set_owners(self, source):
        """The plant owns some kinds of master data and may propose the others."""
        endpoint = self._endpoint(source)
        domain = [("endpoint_id", "=", endpoint)]
        known = {row["kind"] for row in self.odoo.read("mfg.ownership", domain, "kind")}
        owners = dict.fromkeys(masterdata.OWNED, "plant")
        owners |= dict.fromkeys(masterdata.PROPOSED, "propose")
        missing = [
            {"endpoint_id": endpoint, "kind": kind, "owner": owner}
            for kind, owner in owners.items()
            if kind not in known
        ]
        if missing:
            self.odoo.call("mfg.ownership", "create", missing)

    def approve(self, event_ids, reason):
        """Let pass what is parked for a limit; how many messages that were."""
        domain = [("event_id", "in", list(event_ids)), ("approvable", "=", True)]
        found = self.odoo.call("mfg.message", "search", domain)
        if found:
            values = {"action": "approve", "reason": reason}
            chosen = {"active_ids": found}  # as the list of messages opens the dialog
            wizard = self.odoo.call(
                "mfg.message.decide", "create", [values], context=chosen
            )
            self.odoo.call("mfg.message.decide", "action_apply", wizard)
        return len(found)

    def _endpoint(self, source):
        return self.odoo.ids("mfg.endpoint", "source", [source])[source]
