# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from .common import CONSUMED, REPORTED, STARTED, at
from .joborder_common import JoborderCase, ago


@tagged("post_install", "-at_install")
class TestReportsOfOlderVersions(JoborderCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_order()
        self.acknowledge(self.order, 1, time=at(6))

    def take_out(self, name):
        self.order.workorder_ids.filtered(lambda w: w.name == name).unlink()
        self.commit()

    def test_a_segment_taken_out_was_the_last_one(self):
        self.take_out("Glue")
        order = self.order
        self.assertPosted(self.report(order, 4, operationsSegmentId="Cut", version=1))
        self.assertEqual(self.on_hand(self.table), 0)  # version 1: Glue comes after
        self.assertPosted(self.report(order, 4, operationsSegmentId="Glue", version=1))
        self.assertEqual(self.on_hand(self.table), 4)
        former = order.workorder_ids.filtered("mfg_former")
        self.assertEqual((former.name, former.workcenter_id), ("Glue", self.bench))
        self.assertPosted(self.report(order, 5, operationsSegmentId="Cut", version=2))
        self.assertEqual(self.on_hand(self.table), 9)
        self.assertPosted(self.report(order, 1, operationsSegmentId="Glue", version=1))
        self.assertEqual(order.workorder_ids.filtered("mfg_former"), former)

    def test_the_former_segment_is_no_change_and_ends_with_the_order(self):
        self.take_out("Glue")
        message = self.tell(
            STARTED, self.order, operationsSegmentId="Glue", version=1, time=at(8)
        )
        self.assertPosted(message)
        self.assertEqual(len(self.changed(self.order)), 1)
        self.order.priority = "1"
        data = self.changed(self.order)[-1]
        self.assertEqual([s["operationsSegmentId"] for s in data["segments"]], ["Cut"])
        self.assertPosted(self.report(self.order, 10, final=True, version=2))
        self.assertEqual(self.order.state, "done")

    def test_without_version_the_plant_knew_what_it_had_accepted(self):
        self.take_out("Glue")
        posted = self.report(self.order, 1, operationsSegmentId="Glue", time=at(10))
        self.assertPosted(posted)
        order = self.order = self.make_order()
        self.acknowledge(order, 1, time=at(6))
        self.take_out("Glue")
        self.acknowledge(order, 2, time=ago(minutes=10))
        late = self.report(order, 1, operationsSegmentId="Glue", time=ago(minutes=1))
        self.assertParked(late, "unknown-segment")

    def test_names_that_move_on_are_not_mixed_up(self):
        bom = self.make_bom(self.make_product("X"), operations=("Cut", "Cut", "Cut"))
        order = self.order = self.make_order(bom=bom)
        first, second, _third = order.workorder_ids.sorted("id")
        first.unlink()  # now the second is "Cut"
        self.commit()
        old = self.report(order, 2, operationsSegmentId="Cut (2)", version=1)
        self.assertPosted(old)
        self.assertEqual(second.qty_produced, 2)
        new = self.report(order, 3, operationsSegmentId="Cut", version=2)
        self.assertPosted(new)
        self.assertEqual(second.qty_produced, 5)

    def test_a_component_taken_out(self):
        self.interface(CONSUMED).beyond_bom = "refuse"
        order = self.order
        order.move_raw_ids = [Command.delete(self.line(order, self.board).id)]
        self.commit()
        old = self.tell(
            CONSUMED,
            order,
            version=1,
            materials=[
                {
                    "materialDefinitionId": "BOARD",
                    "quantity": {"value": "3", "unitCode": "C62"},
                }
            ],
            time=at(9),
        )
        self.assertPosted(old)
        self.assertEqual(self.on_hand(self.board), 97)
        self.acknowledge(order, 2, time=ago(minutes=10))
        self.interface(CONSUMED).beyond_bom = "refuse"
        new = self.tell(
            CONSUMED,
            order,
            materials=[
                {
                    "materialDefinitionId": "TABLE",
                    "quantity": {"value": "3", "unitCode": "C62"},
                }
            ],
            time=ago(minutes=1),
        )
        self.assertParked(new, "beyond-bom")

    def test_made_for_a_larger_quantity(self):
        self.change_quantity(self.order, 6)
        self.commit()
        self.assertParked(self.report(self.order, 9, version=2), "over-tolerance")
        order = self.order = self.make_order()
        self.acknowledge(order, 1, time=at(6))
        self.change_quantity(order, 6)
        self.commit()
        self.assertPosted(self.report(order, 9, version=1))
        self.assertEqual(order.qty_produced, 9)

    def test_a_version_that_does_not_exist(self):
        message = self.report(self.order, 1, version=2)
        self.assertParked(message, "unknown-version")
        self.order.priority = "1"
        self.commit()
        message._retry("there is one now")
        self.drain()
        self.assertPosted(message)

    def test_versions_are_not_joined(self):
        self.take_out("Glue")
        code = self.order.mfg_job_order_id
        messages = [
            self.send(
                REPORTED,
                {
                    "jobOrderId": code,
                    "version": version,
                    "operationsSegmentId": "Cut",
                    "quantity": {"value": "2", "unitCode": "C62"},
                    "time": at(10),
                },
                subject=code,
            )
            for version in (1, 2)
        ]
        self.drain()
        self.assertPosted(*messages)
        self.assertEqual(self.on_hand(self.table), 2)
