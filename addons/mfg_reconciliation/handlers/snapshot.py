# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import ConcurrencyError

from odoo.addons.mfg_integration_base.engine.failure import Failure
from odoo.addons.mfg_integration_base.engine.texts import marker
from odoo.addons.mfg_mes_connector.models.mrp_production import OPEN_STATES

from ..models.mfg_snapshot import REQUESTED, SNAPSHOT

_lt = marker(__name__)

STATES = (*OPEN_STATES, "done", "cancel")


class MfgHandlerSnapshotReported(models.AbstractModel):
    """What the plant has counted of an order: kept, compared, and nothing posted."""

    _name = "mfg.handler.snapshot.reported"
    _inherit = "mfg.handler.order"
    _description = "Snapshot Reported"
    _mfg_type = SNAPSHOT
    _mfg_lane = "batch"
    _mfg_order_policy = "continue"
    _mfg_title = _lt("Snapshot reported")

    _mfg_policies = ("reconcile_tolerance_percent", "reconcile_limit_percent")

    def _check(self, message):
        """A count of a closed period may be told; one of the future may not.

        :raise Failure: time-invalid
        """
        self._check_clock(message, self._as_of(message), "/data/asOf")

    def _check_clock(self, message, time, pointer):
        try:
            self._check_moment(message, time, pointer)
        except Failure as failure:
            if failure.code != "period-closed":
                raise

    def _as_of(self, message):
        return self.env["mfg.snapshot"]._moment(message._event_data()["asOf"])

    def _resolve(self, message):
        """The order's family and the counts, in Odoo's units.

        :raise Failure: unknown-order, unknown-material, unknown-lot, unknown-segment,
            unknown-unit, unit-mismatch, quantity-invalid
        """
        order = self._job_order(message, STATES)
        family = order._mfg_family().sorted("id")
        return family, self.env["mfg.reconciler"]._counted(message, family)

    def _post_traced(self, messages, facts):
        """It changes nothing, so nothing is noted for its reversal."""
        for message, (family, _counted) in zip(messages, facts, strict=True):
            self._keep(message, family)

    def _keep(self, message, family):
        """Keep it; compare it when it is the newest of its order.

        sudo: what is kept and compared is the engine's, of the service user's own
        endpoint and company
        """
        try:
            snapshots = self.env["mfg.snapshot"].sudo()
            snapshot = snapshots._keep(message, family[:1], self._as_of(message))
            found = self.env["mfg.reconciliation"].sudo()
            if snapshot.state == "current":
                found = found._compare_snapshot(snapshot)
            self.env.flush_all()
        except UniqueViolation as error:  # two of one order at once: start over
            raise ConcurrencyError("Another snapshot of the order comes in") from error
        message._link(snapshot)
        message._link(found, "changed")

    def _reverse(self, original, reversal):
        """The plant miscounted: the snapshot before it counts again, if any."""
        # sudo: see _keep
        snapshot = self.env["mfg.snapshot"].sudo()._of(original)
        found = snapshot._withdraw()
        reversal._link(snapshot, "changed")
        if found:
            reversal._link(found, "changed")


class MfgHandlerSnapshotRequested(models.AbstractModel):
    """Odoo asks the plant what it has counted."""

    _name = "mfg.handler.snapshot.requested"
    _inherit = "mfg.handler"
    _description = "Snapshot Requested"
    _mfg_type = REQUESTED
    _mfg_direction = "out"
    _mfg_title = _lt("Snapshot requested")
