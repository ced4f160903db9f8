# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import REPORTED, STARTED, amount, at, moment
from .equipment_common import STATE, EquipmentCase, ago


@tagged("post_install", "-at_install")
class TestEquipmentState(EquipmentCase):
    def test_a_state_lasts_until_the_next_one(self):
        held = self.say("Held", at(8), reasonCode="E2")
        self.assertPosted(held, self.say("Execute", at(8, 25)))
        self.assertLosses((moment(8), moment(8, 25), 25))
        loss = self.losses()
        self.assertEqual(loss.loss_id, self.starved)
        self.assertEqual(loss.workcenter_id, self.saw)
        self.assertEqual(loss.user_id, self.endpoint.user_id)
        self.assertEqual(loss.description, "SAW Held E2")
        self.assertIn(loss.id, held.link_ids.mapped("res_id"))

    def test_nights_and_weekends_count(self):
        self.say("Held", at(22, day=10))  # a Saturday
        self.say("Execute", at(6, day=12))
        self.assertLosses((moment(22), moment(6, day=12), 32 * 60))

    def test_people_still_count_calendar_hours(self):
        row = self.env["mrp.workcenter.productivity"].create(
            {
                "workcenter_id": self.saw.id,
                "loss_id": self.failure.id,
                "date_start": moment(22),
                "date_end": moment(6, day=11),
            }
        )
        self.assertEqual(row.duration, 0)

    def test_hour_that_the_clock_skips(self):
        self.say("Held", "2026-03-29T01:30:00+01:00")
        self.say("Execute", "2026-03-29T03:30:00+02:00")
        self.assertEqual(self.losses().duration, 60)

    def test_acting_states_are_one_stop(self):
        for minute, state in enumerate(("Holding", "Held", "Held", "Unholding")):
            self.say(state, at(8, minute))
        self.say("Execute", at(8, 10))
        self.assertLosses((moment(8), moment(8, 10), 10))

    def test_with_an_end(self):
        self.say("Held", at(8), endTime=at(8, 10))
        self.say("Held", at(9), endTime=at(9, 30))
        self.say("Execute", at(9, 20))
        self.assertLosses(
            (moment(8), moment(8, 10), 10), (moment(9), moment(9, 20), 20)
        )

    def test_late_states_are_put_where_they_belong(self):
        self.say("Held", at(10))
        self.say("Held", at(10, 30))
        self.assertLosses((moment(10), None, 0))
        self.say("Execute", at(10, 20))
        self.assertLosses((moment(10), moment(10, 20), 20), (moment(10, 30), None, 0))
        self.say("Suspended", at(10, 10), reasonCode="E2")
        self.assertEqual(self.losses().mapped("duration"), [10, 10, 0])
        self.assertEqual(self.losses().loss_id.ids, [self.failure.id, self.starved.id])
        self.say("Execute", at(11))
        self.assertEqual(self.losses().mapped("duration"), [10, 10, 30])

    def test_a_beginning_that_comes_after_its_end(self):
        self.say("Execute", at(10, 20))
        self.say("Held", at(10))
        self.assertLosses((moment(10), moment(10, 20), 20))
        self.assertEqual(self.saw.working_state, "normal")

    def test_later_word_on_the_same_moment(self):
        self.say("Held", at(10))
        self.say("Held", at(10), reasonCode="E2")
        self.assertLosses((moment(10), None, 0))
        self.assertEqual(self.losses().loss_id, self.starved)
        self.say("Execute", at(10))
        self.assertLosses()

    def test_resent_counts_once(self):
        data = {"equipmentId": "SAW", "state": "Held", "startTime": at(8)}
        event = self.event(STATE, data, subject="SAW")
        self.accept(event)
        [again] = self.accept(event)
        self.drain()
        self.assertEqual(again["status"], "duplicate")
        self.assertEqual(len(self.env["mfg.equipment.event"].search([])), 1)

    def test_resetting_says_nothing(self):
        self.say("Held", at(8))
        self.assertPosted(self.say("Resetting", at(8, 5)))
        self.say("Idle", at(8, 10))
        self.assertPosted(self.say("Resetting", at(8, 20)))
        self.assertLosses((moment(8), moment(8, 10), 10))

    def test_endpoint_has_its_own_table(self):
        self.map_code("loss", "Idle", self.starved)
        self.map_code("loss", "Unholding", self.productive)
        self.say("Idle", at(8))
        self.say("Held", at(9))
        self.say("Unholding", at(9, 30))
        self.assertLosses((moment(8), moment(9), 60), (moment(9), moment(9, 30), 30))

    def test_name_of_a_loss_needs_no_mapping(self):
        self.say("Held", at(8), reasonCode=self.slow.name)
        self.assertEqual(self.losses().loss_id, self.slow)
        self.assertEqual(self.saw.working_state, "done")  # reduced speed blocks not

    def test_unknown_reason_is_healed_by_the_mapping(self):
        reason = self.say("Held", at(8), reasonCode="X7")
        self.assertParked(reason, "unknown-reason")
        self.assertEqual(reason.wanted, "loss:X7")
        action = reason.action_create_mapping()
        self.assertEqual(action["context"]["default_kind"], "loss")
        later = self.say("Execute", at(8, 30))
        self.assertEqual(later.state, "waiting")
        self.map_code("loss", "X7", self.starved)
        self.drain()
        self.assertPosted(reason, later)
        self.assertLosses((moment(8), moment(8, 30), 30))

    def test_unknown_state_is_healed_by_the_mapping(self):
        aborted = self.say("Clearing", at(8))
        self.assertParked(aborted, "unknown-reason")
        self.assertEqual(aborted.wanted, "loss:Aborted")
        self.map_code("loss", "Aborted", self.failure)
        self.drain()
        self.assertPosted(aborted)

    def test_impossible_times(self):
        end = self.say("Held", at(8), endTime=at(7))
        self.assertParked(end, "time-invalid")
        self.assertIn("/data/endTime", end.error_fields)
        self.assertParked(self.say("Held", ago(-3000), machine="BENCH"), "time-invalid")
        self.assertFalse(self.env["mfg.equipment.event"].search([]))

    def test_unknown_machine(self):
        message = self.say("Held", at(8), machine="M99")
        self.assertParked(message, "unknown-equipment")
        self.machine("M99", self.bench)
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.losses(self.bench).mfg_equipment, "M99")

    # -- one work centre, several machines -----------------------------------------

    def test_a_minute_counts_once(self):
        self.machine("M1", self.saw)
        self.machine("M2", self.saw)
        self.say("Held", at(8), machine="M1")
        self.say("Held", at(8, 20), machine="M2")
        self.say("Execute", at(8, 30), machine="M1")
        self.assertEqual(self.saw.working_state, "blocked")
        self.say("Execute", at(8, 50), machine="M2")
        self.assertEqual(self.saw.working_state, "normal")
        self.assertLosses(
            (moment(8), moment(8, 30), 30), (moment(8, 20), moment(8, 50), 20)
        )
        # what is said late, or taken back, changes what the others count
        late = self.stop(at(7, 50), at(8, 10), machine="M2")
        self.assertEqual(self.losses().mapped("duration"), [20, 20, 20])
        self.take_back(late)
        self.assertEqual(self.losses().mapped("duration"), [30, 20])
        self.losses()[0].unlink()
        self.assertEqual(self.losses().duration, 30)

    def test_odoo_adds_up_what_stood(self):
        self.machine("M1", self.saw)
        self.stop(ago(180), ago(120))
        self.stop(ago(150), ago(90), machine="M1")
        self.stop(ago(150), ago(140))
        self.assertEqual(round(self.saw.blocked_time, 3), 1.5)

    # -- people --------------------------------------------------------------------

    def test_blocked_also_while_somebody_works_at_it(self):
        order = self.make_order()
        self.say("Held", at(8))
        self.tell(STARTED, order, operationsSegmentId="Cut", time=at(8, 5))
        self.assertEqual(self.saw.working_state, "blocked")
        other = self.make_order()
        with self.assertRaises(UserError):
            other.workorder_ids[0].button_start()
        self.say("Execute", at(8, 30))
        self.assertEqual(self.saw.working_state, "done")

    def test_a_person_may_unblock(self):
        self.say("Held", ago(30))
        self.saw.unblock()
        self.assertEqual(self.saw.working_state, "normal")
        self.assertEqual(round(self.losses().duration), 30)
        self.say("Held", ago(0))
        self.assertEqual(self.saw.working_state, "blocked")

    def test_plant_reports_are_posted_all_the_same(self):
        order = self.make_order()
        self.say("Held", at(8))
        message = self.tell(
            REPORTED, order, quantity=amount(10), time=at(9), final=True
        )
        self.assertPosted(message)
        self.assertEqual(order.state, "done")

    # -- taking back ---------------------------------------------------------------

    def test_reversal(self):
        held = self.say("Held", at(8))
        starved = self.say("Suspended", at(8, 10), reasonCode="E2")
        up = self.say("Execute", at(8, 30))
        self.assertPosted(self.take_back(up))
        self.assertLosses((moment(8), moment(8, 10), 10), (moment(8, 10), None, 0))
        self.assertEqual(self.saw.working_state, "blocked")
        self.assertPosted(self.take_back(starved))
        self.assertLosses((moment(8), None, 0))
        self.assertPosted(self.take_back(held))
        self.assertLosses()
        self.assertEqual(self.saw.working_state, "normal")
        self.assertFalse(self.env["mfg.equipment.event"].search([]))
        self.assertParked(self.take_back(held), "already-reversed")

    def test_reversal_of_what_said_nothing(self):
        self.assertPosted(self.take_back(self.say("Resetting", at(8))))

    # -- rights --------------------------------------------------------------------

    def test_another_companys_machine_is_unknown(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        self.map_code("loss", "Held", self.failure, foreign)
        message = self.say("Held", at(8), endpoint=foreign)
        self.assertParked(message, "unknown-equipment")

    def test_two_plants_on_one_shared_work_centre(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        self.map_code("loss", "Held", self.failure, foreign)
        shared = self.make_shared("SHARED")
        self.say("Held", at(8), machine="SHARED")
        self.say("Held", at(9), machine="SHARED", endpoint=foreign)
        self.say("Execute", at(10), machine="SHARED", endpoint=foreign)
        self.assertLosses(
            (moment(8), None, 0), (moment(9), moment(10), 60), workcenter=shared
        )
        theirs = self.losses(shared)[1]
        self.assertEqual(theirs.company_id, company)

    def test_facts_are_written_by_the_engine_only(self):
        self.say("Held", at(8))
        facts = self.env["mfg.equipment.event"]
        for user in (self.endpoint.user_id, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                facts.with_user(user).search([]).unlink()
            with self.assertRaises(AccessError):
                facts.with_user(user).create({"equipment": "SAW"})

    def test_dry_run_leaves_nothing(self):
        message = self.send(
            STATE, {"equipmentId": "SAW", "state": "Held", "startTime": at(8)}
        )
        env = self.endpoint._service_env()
        handler = env["mfg.handler"]._for_type(STATE)
        effects = handler._explain(env["mfg.message"].browse(message.id))
        self.assertIn("mrp.workcenter.productivity", [e["model"] for e in effects])
        self.env.invalidate_all(flush=False)
        self.assertLosses()
