# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager
from dataclasses import dataclass

from odoo import Command, models
from odoo.exceptions import UserError

from odoo.addons.mfg_integration_base.tools.posting import POSTING, is_posting

from ..tools import joborder_diff as diff
from . import mrp_workorder_watch, stock_move_watch
from .mrp_production import CHANGED, OPEN_STATES, RELEASED

WATCH = "mfg.joborder.watch"
# lines and operations are watched themselves: a form that counts pieces sends them too
PLANNED = {
    "bom_id",
    "date_finished",
    "date_start",
    "picking_type_id",
    "priority",
    "product_qty",
    "product_uom_id",
}
LINES = {
    "move_byproduct_ids": stock_move_watch.PLANNED,
    "move_finished_ids": stock_move_watch.PLANNED,
    "move_raw_ids": stock_move_watch.PLANNED,
    "workorder_ids": mrp_workorder_watch.PLANNED,
}
COUNTING = "mfg_counting"  # context: what is written plans nothing


@dataclass
class Watched:
    """A job order that somebody plans anew in this transaction."""

    order: object  # sudo: plans are compared whoever changed them
    before: dict  # its plan as the transaction found it
    number: int  # its version then
    state: str  # what the plants had said to it
    version: object = None  # the one this transaction made
    messages: object = None


class Watch:
    """What a transaction planned anew, from its beginning to its commit."""

    def __init__(self):
        self.joborders = {}
        self.released = {}  # by key: (version, messages) of releases of its own
        self.holding = 0


class MrpProduction(models.Model):
    """Notices that a released order is planned anew, by whomever.

    Before the first write of a transaction that could change a plan, the plan is kept;
    when the transaction is flushed the two are compared, and one message tells what is
    between them. What the plants reported before is in both and makes no difference.

    A flush is not the end: each savepoint is one. If the plan changes again after it,
    the version told too early is taken back and told anew; nobody has seen it.
    """

    _inherit = "mrp.production"

    def write(self, vals):
        if PLANNED.isdisjoint(vals):
            return super(MrpProduction, self._mfg_counting(vals)).write(vals)
        with self._mfg_planning():
            return super().write(vals)

    def _mfg_counting(self, vals):
        """These, marked if only what happened is entered at their lines."""
        if LINES.keys().isdisjoint(vals) or not counts_only(vals):
            return self
        return self.with_context(**{COUNTING: True})

    def _plan_workorders(self, replan=False):
        """Odoo plans the operations of an order under way whenever its lines are saved,
        also to enter what was made; what plants were told stays."""
        counting = self.env.context.get(COUNTING) and self.mfg_job_order_id
        if counting and self._mfg_has_plant():
            return None
        return super()._plan_workorders(replan)

    @contextmanager
    def _mfg_planning(self):
        """Within, orders may be planned anew in steps that are only right together."""
        if is_posting(self.env):
            yield
            return
        self._mfg_watch()
        watch = self._mfg_watched()
        watch.holding += 1
        try:
            yield
        finally:
            watch.holding -= 1
            self._mfg_arm(watch)

    def _mfg_as_posting(self):
        """These, for steps that say what happened and plan nothing: whatever they do
        to the records, the plan stays.

        What they return to a client goes through ``for_client``.
        """
        self._mfg_settle_now()
        return self.with_context(**POSTING)

    def _mfg_watch(self):
        """Keep the plans as they are, before the first change of this transaction."""
        orders = self.filtered(
            lambda o: (
                isinstance(o.id, int) and o.mfg_job_order_id and o.state in OPEN_STATES
            )
        )
        watch = orders and orders._mfg_watched()
        for order in orders.sudo():
            key = order._mfg_key()
            if key not in watch.joborders and order._mfg_has_plant():
                watch.joborders[key] = Watched(
                    order,
                    self.env["mfg.joborder"].sudo()._plan(order),
                    order.mfg_version,
                    order.mfg_plant_state,
                )

    def _mfg_watched(self):
        """The transaction's notes; not with the hooks of a flush, which clears them."""
        return self.env.cr.postcommit.data.setdefault(WATCH, Watch())

    def _mfg_key(self):
        return self.company_id.id, self.mfg_job_order_id

    def _mfg_has_plant(self):
        outbox, company = self.env["mfg.outbox"], self.company_id.id
        return any(outbox._subscribers(t, company) for t in (RELEASED, CHANGED))

    def _mfg_arm(self, watch):
        """Have the plans compared at the next flush."""
        precommit = self.env.cr.precommit
        if watch.joborders and not (watch.holding or precommit.data.get(WATCH)):
            precommit.data[WATCH] = True
            # whoever changed the order: telling the plant of it is the engine's
            orders = self.browse().sudo()
            precommit.add(orders._mfg_settle_all)

    # -- settling ------------------------------------------------------------------

    def _mfg_settle_all(self):
        watch, precommit = self._mfg_watched(), self.env.cr.precommit
        precommit.data.pop(WATCH, None)
        if watch.holding:
            return
        try:
            for watched in list(watch.joborders.values()):
                self._mfg_settle(watched)
        except UserError:
            self._mfg_arm(watch)  # for whoever goes on as if nothing had happened
            raise

    def _mfg_settle_now(self):
        """What was planned until here is told; what comes now is no planning."""
        watch = self.env.cr.postcommit.data.get(WATCH)
        for order in self if watch else ():
            key = order._mfg_key()
            if key in watch.joborders:
                self._mfg_settle(watch.joborders.pop(key))

    def _mfg_settle(self, watched):
        """One version for all that this transaction changed in the plan, or none."""
        family = watched.order.exists()._mfg_family_or_none()
        if not family.filtered(lambda o: o.state in OPEN_STATES):
            return
        order = family._mfg_member()
        after = self.env["mfg.joborder"].sudo()._plan(order)
        changes = diff.differences(watched.before, after)
        told = watched.version and watched.version.exists()
        if changes and order._mfg_release_anew():
            watched.before = {**after, "version": watched.number}
            return
        if told and told.changes == changes:
            return
        if told:
            watched.messages.exists().unlink()
            told.unlink()
            family.write(
                {"mfg_version": watched.number, "mfg_plant_state": watched.state}
            )
        watched.version = None
        if changes:
            watched.version, watched.messages = order._mfg_change(
                family, changes, after
            )

    # -- released in this very transaction -----------------------------------------

    def _mfg_tell_release(self):
        """Confirmed and planned at once is one message: see `_mfg_release_anew`."""
        version, messages = super()._mfg_tell_release()
        self._mfg_watched().released[self._mfg_key()] = (version, messages)
        return version, messages

    def _mfg_release_anew(self):
        """What nobody has seen yet is released as it is now, and is no change.

        :return: whether that was so
        """
        released = self._mfg_watched().released.pop(self._mfg_key(), None)
        if not released or self.mfg_version != 1:
            return False
        version, messages = released
        messages.exists().unlink()
        version.sudo().exists().unlink()  # sudo: lean rows of its own
        self._mfg_tell_release()
        return True


def counts_only(vals):
    """Whether lines are written, and nothing of them that is planned."""
    return all(
        command[0] == Command.LINK
        or (command[0] == Command.UPDATE and planned.isdisjoint(command[2]))
        for name, planned in LINES.items()
        for command in vals.get(name) or ()
    )
