# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from datetime import datetime

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure
from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mrp_production_reopening import WORKORDER_FIELDS, plain

_lt = marker(__name__)


@dataclass
class Facts:
    """A job response as Odoo records; empty records where the plant named none."""

    order: object
    workorder: object
    workcenter: object
    employee: object
    time: datetime
    whole: bool  # about the order as a whole


class MfgHandlerJobresponse(models.AbstractModel):
    """Progress of a job order (ISA-95 JobResponse): the plant's times are Odoo's."""

    _name = "mfg.handler.jobresponse"
    _inherit = "mfg.handler.order"
    _description = "Job Response"
    _mfg_policies = ("labor_overlap",)

    def _resolve(self, message):
        order = self._job_order(message)
        workorder = order.workorder_ids.browse()
        if not message._event_data().get("final"):
            workorder = self._segment_meant(message, order)
        if workorder and workorder.state in ("done", "cancel"):
            detail = self.env._("Operation %(name)s is over.", name=workorder.name)
            raise self._refusal("order-not-open", detail, "/data/operationsSegmentId")
        # the employee is a reference only: rights of the service user suffice
        return Facts(
            order=order,
            workorder=workorder.with_company(order.company_id),
            workcenter=self._resolved(
                message, "equipment", "equipmentId", "mrp.workcenter"
            ),
            employee=self._resolved(message, "person", "personId", "hr.employee"),
            time=self._time(message),
            whole=not workorder,
        )

    def _open(self, message, facts):
        """Labour begins."""
        self._check_begins_once(message, facts)
        facts.workorder._mfg_begin(facts.time)
        interval = self._intervals()._mfg_open(
            facts.workorder, facts.workcenter, facts.employee, facts.time
        )
        message._link(interval)
        message._link(facts.workorder, "changed")

    def _close(self, message, facts, intervals):
        self._check_counts_once(message, facts, intervals)
        intervals._mfg_close(facts.time)
        for interval in intervals:
            message._link(interval, "changed", {"date_end": False})

    # -- the same time twice -------------------------------------------------------

    def _check_begins_once(self, message, facts):
        """Nobody begins what he is at already, here or elsewhere.

        :raise Failure: time-overlap, unless a person approved it
        """
        person = facts.employee
        if not person or not message.interface_id._parks_overlap():
            return
        self.env["mfg.drain"]._touch(person)  # of two at once the second starts over
        place = [
            ("date_start", "<=", facts.time),
            "|",
            ("date_end", ">", facts.time),
            ("date_end", "=", False),
        ]
        self._insist_on_time(message, facts, person, place)

    def _check_counts_once(self, message, facts, intervals):
        """What was known already of later times, when an interval began, is in none.

        What came since was held against the interval when it came.
        """
        if not message.interface_id._parks_overlap():
            return
        for interval in intervals.filtered("mfg_employee_id"):
            place = [
                ("id", "<", interval.id),
                ("date_start", ">", interval.date_start),
                ("date_start", "<", facts.time),
            ]
            self._insist_on_time(message, facts, interval.mfg_employee_id, place)

    def _insist_on_time(self, message, facts, person, place):
        own = [("mfg_employee_id", "=", person.id), ("workorder_id", "!=", False)]
        row = self._intervals().search([*own, *place], order="date_start", limit=1)
        if row:
            named = message._event_data().get("personId")
            detail = self.env._(
                "Time of %(person)s at %(place)s since %(start)s (UTC) is in Odoo "
                "already: this would count it twice.",
                person=named if person == facts.employee else self.env._("a worker"),
                place=row.workorder_id.display_name,
                start=row.date_start,
            )
            message._insist(self._refusal("time-overlap", detail, "/data/time"))

    # -- taking it back ------------------------------------------------------------

    def _check_running(self, original):
        """Labour of an order that has ended is in its cost.

        :raise Failure: not-reversible
        """
        order = self._order_of(original)
        if order.state == "done":
            detail = self.env._(
                "%(order)s has ended: take back its end first.", order=order.name
            )
            raise Failure("not-reversible", detail)

    def _labour_of(self, original):
        return self._linked(original, "mrp.workcenter.productivity")

    def _reverse_end(self, original, reversal):
        """Labour that the original ended goes on."""
        self._check_running(original)
        intervals = self._labour_of(original)
        if intervals.workorder_id.filtered(lambda w: w.state == "done"):
            detail = self.env._(
                "Operation %(name)s is over: take back its completion first.",
                name=intervals.workorder_id[:1].name,
            )
            raise Failure("not-reversible", detail)
        self._order_of(original)._mfg_forget_labour(intervals)
        intervals.date_end = False
        reversal._link(intervals, "changed")
        self._take_back(original, reversal)

    def _earliest(self, facts):
        return self._intervals()._mfg_earliest_open(
            facts.workorder, facts.workcenter, facts.employee
        )

    def _intervals(self):
        return self.env["mrp.workcenter.productivity"]

    def _note_order(self, message, facts):
        """Of a whole order with several operations only its own state is known."""
        if facts.order.state == "confirmed":
            facts.order.action_start()
        facts.order._mfg_begin(facts.time)
        message._link(facts.order, "changed")


class MfgHandlerJobresponseStarted(models.AbstractModel):
    """Work on an operation, or on an order, began."""

    _name = "mfg.handler.jobresponse.started"
    _inherit = "mfg.handler.jobresponse"
    _description = "Job Started"
    _mfg_type = "mfg.jobresponse.started.v1"
    _mfg_title = _lt("Job started")

    def _post_one(self, message, facts):
        if facts.whole:
            self._note_order(message, facts)
        else:
            self._open(message, facts)

    def _reverse(self, original, reversal):
        """The labour that began with it never did."""
        self._check_running(original)
        intervals = self._labour_of(original)
        ended = intervals.filtered("date_end")[:1]
        if ended:
            detail = self.env._(
                "The work that began with it ended at %(time)s (UTC): take back the "
                "event that ended it first.",
                time=ended.date_end,
            )
            raise Failure("not-reversible", detail)
        intervals.unlink()
        self._take_back(original, reversal)


class MfgHandlerJobresponseResumed(models.AbstractModel):
    """Work goes on after a pause: a new interval of labour."""

    _name = "mfg.handler.jobresponse.resumed"
    _inherit = "mfg.handler.jobresponse.started"
    _description = "Job Resumed"
    _mfg_type = "mfg.jobresponse.resumed.v1"
    _mfg_title = _lt("Job resumed")


class MfgHandlerJobresponsePaused(models.AbstractModel):
    """Work stops for a while: the earliest open interval of its worker ends."""

    _name = "mfg.handler.jobresponse.paused"
    _inherit = "mfg.handler.jobresponse"
    _description = "Job Paused"
    _mfg_type = "mfg.jobresponse.paused.v1"
    _mfg_title = _lt("Job paused")

    def _post_one(self, message, facts):
        if facts.whole:
            self._note_order(message, facts)
            return
        interval = self._earliest(facts)
        if not interval:
            detail = self.env._(
                "Nobody works on %(name)s: there is no open interval of this machine "
                "and worker to end.",
                name=facts.workorder.display_name,
            )
            raise self._refusal("time-invalid", detail, "/data/time")
        self._close(message, facts, interval)
        message._link(facts.workorder, "changed")

    def _reverse(self, original, reversal):
        self._reverse_end(original, reversal)


class MfgHandlerJobresponseCompleted(models.AbstractModel):
    """An operation is over, all its labour with it; or the whole order is."""

    _name = "mfg.handler.jobresponse.completed"
    _inherit = "mfg.handler.jobresponse"
    _description = "Job Completed"
    _mfg_type = "mfg.jobresponse.completed.v1"
    _mfg_title = _lt("Job completed")

    _mfg_policies = (
        "labor_overlap",
        "shortage",
        "limit_over_consumption",
        "limit_under_production",
        "rest_of_final",
    )

    def _post_one(self, message, facts):
        if facts.whole:
            self._check_after_start(facts, facts.order.mfg_started_at)
            message._link(facts.order, "changed")
            self._look_at_staged(message, facts.order)
            self._end_order(message, facts.order, facts.time)
            return
        workorder = facts.workorder
        if workorder.state == "progress":
            self._check_after_start(facts, workorder.date_start)
        intervals = workorder.time_ids.filtered("mfg_plant")
        self._close(message, facts, intervals.filtered(lambda t: not t.date_end))
        facts.order._mfg_begin(min(facts.time, workorder.date_start or facts.time))
        before = plain(workorder, WORKORDER_FIELDS)
        workorder._mfg_finish(facts.time)
        message._link(workorder, "changed", {"before": before})

    def _reverse(self, original, reversal):
        """The operation goes on, or the order does."""
        stood = self._links(original, "mrp.workorder")
        if not stood:
            self._take_back(original, reversal, ended=True)
            return
        for link in stood:
            workorder = self.env["mrp.workorder"].browse(link.res_id)
            self._check_running(original)
            workorder._mfg_stand(link.undo["before"])
        self._reverse_end(original, reversal)

    def _check_after_start(self, facts, start):
        if start and facts.time < start:
            detail = self.env._(
                "It ends at %(end)s, before it began at %(start)s (UTC).",
                end=facts.time,
                start=start,
            )
            raise self._refusal("time-invalid", detail, "/data/time")
