# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


from .common import MesCase

LABOR = "mfg.labor.reported.v1"


class LaborCase(MesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bob = cls.env["hr.employee"].create({"name": "Bob", "barcode": "B1"})

    def setUp(self):
        super().setUp()
        self.order = self.make_order()
        self.cut, self.glueing = self.order.workorder_ids

    def labor(self, start=None, end=None, segment="Cut", order=None, **data):
        """Ann's time at an operation; times, duration and lines as given."""
        data = {"personId": "A1", **data}
        given = {"operationsSegmentId": segment, "startTime": start, "endTime": end}
        data |= {name: value for name, value in given.items() if value}
        return self.tell(LABOR, order or self.order, **data)

    def spans(self, workorder):
        """When somebody worked there, oldest first."""
        rows = workorder.time_ids.filtered("duration").sorted("date_start")
        return [(row.date_start, row.date_end) for row in rows]

    def finish(self, order=None):
        """A planner closes the order by Odoo's button, without any time logged."""
        order = order or self.order
        order.move_raw_ids.picked = True
        order.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(order.state, "done")
