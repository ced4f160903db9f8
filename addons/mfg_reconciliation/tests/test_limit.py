# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.mfg_integration_base.tests.version_common import VersionMixin

from .common import SNAPSHOT, WHY, ReconcileCase

GROUP = "mfg_integration_base.group_mfg_%s"


@tagged("post_install", "-at_install")
class TestLimit(VersionMixin, ReconcileCase):
    """An operator posts up to the limit: by what is posted, not by what is left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator, cls.manager = (
            new_test_user(cls.env, f"limit-{role}", groups=GROUP % role)
            for role in ("operator", "manager")
        )

    def setUp(self):
        super().setUp()
        rule = self.interface(SNAPSHOT)
        rule.reconcile_limit_percent, rule.reconcile_limit_quantity = 0, 2

    def by(self, person, lines=None):
        lines = lines or self.found.line_ids.filtered(lambda x: x._is_correctable())
        return lines.with_user(person)

    def heal_by(self, person, lines=None):
        self.by(person, lines)._correct(WHY)
        self.drain()
        self.env.invalidate_all()

    def serials(self, count):
        """Chairs that were lost, each with its number."""
        chair = self.make_product("CHAIR", tracking="serial")
        self.order, self.sent = self.make_order(bom=self.make_bom(chair)), []
        names = [f"S{number}" for number in range(count)]
        self.env["stock.lot"].create(
            [{"name": name, "product_id": chair.id} for name in names]
        )
        lots = [{"materialLotId": name} for name in names]
        self.counts(count, producedLots=lots)

    def test_what_is_taken_back_and_posted_besides(self):
        """4 twice, 3 lost: a difference of 1, and 7 pieces move."""
        self.makes(4)
        self.again()
        self.makes(3, hour=11, lost=True)
        self.counts(7, listed=True)
        self.assertEqual(self.line("produced").difference, -1)
        with self.assertRaisesRegex(AccessError, "ask a manager"):
            self.by(self.operator)._correct(WHY)
        self.heal_by(self.manager)
        self.assertEqual(self.made(), 7)

    def test_the_next_version_has_limits_as_well(self):
        self.release_next(first=SNAPSHOT)
        self.interface(SNAPSHOT).active = False
        interface = self.env["mfg.interface"].create(
            {"endpoint_id": self.endpoint.id, "type": f"{SNAPSHOT[:-1]}2"}
        )
        with Form(interface) as form:
            form.reconcile_limit_percent = 7
        self.env.invalidate_all()
        rule = self.env["mfg.interface"]._reconciling(self.endpoint)
        self.assertEqual(rule.reconcile_limit_percent, 7)

    def test_serial_numbers_are_summed(self):
        self.serials(3)
        self.assertEqual(len(self.found.line_ids), 3)
        with self.assertRaisesRegex(AccessError, "ask a manager"):
            self.by(self.operator)._correct(WHY)

    def test_one_by_one_they_are_summed_too(self):
        self.serials(3)
        first, second, third = self.found.line_ids
        self.heal_by(self.operator, first)
        self.heal_by(self.operator, second)
        with self.assertRaisesRegex(AccessError, "ask a manager"):
            self.by(self.operator, third)._correct(WHY)
        self.heal_by(self.manager, third)
        self.assertEqual(self.made(), 3)

    def test_what_a_manager_approved_is_not_the_operators(self):
        self.serials(4)
        self.heal_by(self.manager, self.found.line_ids[:3])
        self.heal_by(self.operator, self.found.line_ids[3:])
        self.assertEqual(self.made(), 4)

    def test_taking_back_is_posting(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.heal_by(self.manager)
        line = self.line("produced")
        with self.assertRaisesRegex(AccessError, "ask a manager"):
            self.by(self.operator, line)._take_back(WHY)
        self.by(self.manager, line)._take_back(WHY)
        self.drain()
        self.assertEqual(self.made(), 4)

    def test_the_dialog_says_so(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.assertEqual(self.dialog("correct").beyond_count, 1)
        self.assertEqual(self.dialog("accept").beyond_count, 0)
        self.heal()
        self.assertEqual(self.dialog("take_back").beyond_count, 1)

    def dialog(self, action):
        values = {"action": action, "reason": WHY, "line_ids": self.found.line_ids.ids}
        return self.env["mfg.reconciliation.decide"].create(values)

    def test_accepting_has_no_limit(self):
        self.makes(4)
        self.counts(9)
        self.by(self.operator, self.found.line_ids)._accept(WHY)
        self.by(self.operator, self.found.line_ids)._take_back(WHY)
        self.assertEqual(self.found.state, "differs")
