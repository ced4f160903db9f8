# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter

from odoo import models

from odoo.addons.mfg_integration_base.engine import catalogue
from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError
from odoo.addons.mfg_integration_base.engine.texts import marker
from odoo.addons.mfg_integration_base.engine.times import parse_time

from ..models.mrp_production import OPEN_STATES
from ..models.mrp_production_reopening import plain

_lt = marker(__name__)

LONGEST = timedelta(days=1)
OVER = ("done", "cancel")
SPAN = ("date_start", "date_end")

catalogue.register(
    catalogue.Entry(
        "time-overlap",
        _lt("This time was reported before"),
        catalogue.RULE,
        _lt(
            "Check with the plant who worked where. If the time is right, approve the "
            "message; else correct or cancel it."
        ),
        approvable=True,
    )
)


@dataclass(frozen=True)
class Line:
    """Somebody's time at one operation, in UTC and whole seconds."""

    workorder: object
    workcenter: object  # none: the operation's own
    employee: object  # none: the plant named nobody
    person: str  # the plant's code
    start: datetime
    end: datetime
    floating: bool  # only its length was reported, not when it was
    pointer: str

    @property
    def key(self):
        return self.workorder, self.employee

    def meets(self, start, end):
        """Whether it has a time in common with an interval; no end: it goes on."""
        return start < self.end and (not end or end > self.start)

    def ending(self, end):
        return replace(self, start=end - (self.end - self.start), end=end)


class MfgHandlerLaborReported(models.AbstractModel):
    """Who worked at an operation from when until when, told afterwards.

    One line, or a batch such as the summary of a shift. The time is right whatever
    has become of the operation and the order since.
    """

    _name = "mfg.handler.labor.reported"
    _inherit = "mfg.handler.order"
    _description = "Labour Reported"
    _mfg_type = "mfg.labor.reported.v1"
    _mfg_title = _lt("Labour reported")

    _mfg_policies = ("labor_overlap",)

    # -- what was reported ---------------------------------------------------------

    def _check(self, message):
        """The times of each line; the event's own time says nothing by itself."""
        for pointer, part in self._parts(message):
            self._span(message, part, pointer)

    def _parts(self, message):
        """(JSON Pointer, data) of each line."""
        data = message._event_data()
        if "labor" not in data:
            return [("/data", data)]
        return [(f"/data/labor/{n}", line) for n, line in enumerate(data["labor"])]

    def _span(self, message, part, pointer):
        """(start, end) of a line; a duration alone ends at the time of the event.

        :raise Failure: time-invalid, period-closed, quantity-invalid, unknown-unit
        """
        start, end = (self._moment(part, name) for name in ("startTime", "endTime"))
        pointer = f"{pointer}/{'duration' if 'duration' in part else 'endTime'}"
        if "duration" in part:
            length = self.env["mfg.resolver"].duration(
                message.endpoint_id, part["duration"], pointer, LONGEST
            )
            start, end = self._spanned(message, start, end, length, pointer)
        self._check_span(start, end, pointer)
        # its end decides on the period, as where Odoo costs work in progress
        self._check_moment(message, end, pointer)
        return start, end

    def _spanned(self, message, start, end, length, pointer):
        try:
            end = end or (start + length if start else self._time(message))
            return start or end - length, end
        except OverflowError as error:
            detail = self.env._("There is no such time.")
            raise self._refusal("time-invalid", detail, pointer) from error

    def _moment(self, part, name):
        text = part.get(name)
        return text and parse_time(text).replace(tzinfo=None, microsecond=0)

    def _check_span(self, start, end, pointer):
        if end <= start:
            detail = self.env._(
                "It begins at %(start)s and ends at %(end)s (UTC): that is no time.",
                start=start,
                end=end,
            )
            raise self._refusal("time-invalid", detail, pointer)
        if end - start > LONGEST:
            detail = self.env._(
                "From %(start)s to %(end)s (UTC) is longer than %(hours)s hours.",
                start=start,
                end=end,
                hours=LONGEST.days * 24,
            )
            raise self._refusal("time-invalid", detail, pointer)

    def _resolve(self, message):
        parts = self._parts(message)
        ends = [self._span(message, part, pointer)[1] for pointer, part in parts]
        order = self._job_order(message, (*OPEN_STATES, "done"), max(ends))
        return [self._line(message, order, part, pointer) for pointer, part in parts]

    def _line(self, message, order, part, pointer):
        """A line of a batch; what it does not say, the event says for all lines."""
        workorder = self._segment(message, order, part, pointer)
        workorder = workorder or self._segment_meant(message, order)
        if not workorder:
            raise self._segment_missing(order, pointer)
        start, end = self._span(message, part, pointer)
        return Line(
            workorder.with_company(order.company_id),
            self._named(message, "equipment", "equipmentId", part, pointer),
            self._named(message, "person", "personId", part, pointer),
            part.get("personId") or message._event_data().get("personId"),
            start,
            end,
            floating="startTime" not in part and "endTime" not in part,
            pointer=pointer,
        )

    def _named(self, message, kind, name, part, pointer):
        model = {"equipment": "mrp.workcenter", "person": "hr.employee"}[kind]
        found = self._resolved(message, kind, name, model, part, pointer)
        return found or self._resolved(message, kind, name, model)

    def _segment_missing(self, order, pointer):
        detail = self.env._(
            "Order %(order)s has %(count)s operations: say which one the time is for. "
            "Odoo keeps labour at operations.",
            order=order.name,
            count=len(order._mfg_flow()),
        )
        pointer = f"{pointer}/operationsSegmentId"
        return self._refusal("unknown-segment", detail, pointer)

    # -- its effect ------------------------------------------------------------------

    def _post_one(self, message, lines):
        workorders = self.env["mrp.workorder"].union(*(x.workorder for x in lines))
        if message.interface_id.labor_overlap == "park":
            self._take_turns(lines)
        placed = self._placed(message, lines, self._logged(workorders))
        for workorder in workorders:
            begun = min(line.start for line in placed if line.workorder == workorder)
            self._begin(message, workorder, begun)
            workorder.time_ids._mfg_replace_made_up()
        rows = self.env["mrp.workcenter.productivity"]
        values = [
            rows._mfg_values(p.workorder, p.workcenter, p.employee, p.start, p.end)
            for p in placed
        ]
        self.env["mfg.message.link"]._add(
            [(message, row, "created", plain(row, SPAN)) for row in rows.create(values)]
        )

    def _take_turns(self, lines):
        """Of two reports on one person at once, the second starts over and finds the
        time of the first."""
        people = self.env["hr.employee"].union(*(line.employee for line in lines))
        if people:
            self.env["mfg.drain"]._touch(people)

    def _begin(self, message, workorder, time):
        """Work at an operation begins it; of one that is over it only comes late."""
        late = workorder.production_state == "done"
        if workorder.state not in OVER and not late:
            workorder._mfg_begin(time)
        message._link(workorder, "changed", {"late": late})

    def _logged(self, workorders):
        """(work order, person) -> (start, end) of each time by earlier reports."""
        spans = defaultdict(list)
        for row in workorders.time_ids.filtered("mfg_plant"):
            key = row.workorder_id, row.mfg_employee_id
            spans[key].append((row.date_start, row.date_end))
        return spans

    def _placed(self, message, lines, logged):
        """The lines where they belong.

        :param logged: of earlier reports, as :meth:`_logged` gives it
        :raise Failure: time-overlap, unless a person approved it
        """
        placed, overlaps = [], []
        taken = defaultdict(list, {key: [*spans] for key, spans in logged.items()})
        for line in lines:
            spans = taken[line.key]
            place = self._overlapped(message, line, logged[line.key], spans, placed)
            if place:
                overlaps.append(FieldError(line.pointer, self._overlap(line, place)))
            line = self._free(line, spans)
            spans.append((line.start, line.end))
            placed.append(line)
        if overlaps:
            message._insist(Failure("time-overlap", overlaps[0].detail, overlaps))
        return placed

    def _free(self, line, spans):
        """What is only a length goes before the person's other time at the operation,
        newest first."""
        if not (line.floating and line.employee):
            return line
        for start, end in sorted(spans, key=itemgetter(0), reverse=True):
            if line.meets(start, end):
                line = line.ending(start)
        return line

    # -- the same time twice -----------------------------------------------------------

    def _overlapped(self, message, line, earlier, spans, placed):
        """The work order where this time is taken already, or none.

        Nobody works twice at once at one operation. Time of somebody not named, or
        whose hours are not known, may be anybody's and any: of it only the very same
        line of an earlier event is a repetition.
        """
        if (line.start, line.end) in earlier:
            return line.workorder
        if line.floating or not line.employee:
            return None
        if any(line.meets(*span) for span in spans):
            return line.workorder
        return self._elsewhere(message, line, placed)

    def _elsewhere(self, message, line, placed):
        """Another operation, of any order, where the person was at this time; none
        where the interface says that people tend several machines."""
        if message.interface_id.labor_overlap != "park":
            return None
        for other in placed:
            if other.employee == line.employee and line.meets(other.start, other.end):
                return other.workorder
        row = self.env["mrp.workcenter.productivity"].search(
            [
                ("mfg_employee_id", "=", line.employee.id),
                ("workorder_id", "not in", (line.workorder.id, False)),
                ("date_start", "<", line.end),
                "|",
                ("date_end", ">", line.start),
                ("date_end", "=", False),
            ],
            limit=1,
        )
        return row.workorder_id

    def _overlap(self, line, workorder):
        return self.env._(
            "From %(start)s to %(end)s (UTC) time of %(person)s at %(place)s is in "
            "Odoo already, in full or in part.",
            start=line.start,
            end=line.end,
            person=line.person or self.env._("somebody not named"),
            place=workorder.display_name,
        )

    # -- reversal --------------------------------------------------------------------

    def _begun(self, message):
        return min(
            self._span(message, part, pointer)[0]
            for pointer, part in self._parts(message)
        )

    def _reverse(self, original, reversal):
        """Nobody worked then; time that Odoo made up counts again where no other is."""
        self._check(original)
        self._check_time(reversal)
        order = self._order_of(original)
        self._check_not_costed(order, original)
        rows = self._linked(original, "mrp.workcenter.productivity")
        self._check_unchanged(rows, original)
        workorders = rows.workorder_id
        order._mfg_forget_labour(rows)
        rows.unlink()
        for workorder in workorders:
            if not workorder.time_ids.filtered("duration"):
                workorder.time_ids._mfg_restore_made_up()
        self._resettle(order, original)
        reversal._link(order, "changed")
        reversal._link(workorders, "changed")

    def _check_not_costed(self, order, original):
        """What was there when the order ended is in its cost; late labour is not."""
        late = all(link.undo["late"] for link in self._links(original, "mrp.workorder"))
        if order.state == "done" and not late:
            detail = self.env._(
                "%s has ended since: take back its end first.", order.name
            )
            raise Failure("not-reversible", detail)

    def _check_unchanged(self, rows, original):
        links = self._links(original, rows._name)
        noted = {link.res_id: link.undo for link in links}
        if {row.id: plain(row, SPAN) for row in rows} != noted:
            detail = self.env._("Someone changed its times in Odoo, or removed them.")
            raise Failure("not-reversible", detail)
