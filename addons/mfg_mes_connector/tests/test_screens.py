# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from lxml import etree

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestScreens(TransactionCase):
    """Where the plant's facts stand on Odoo's own forms: labelled, in their group.

    A field outside of a group is drawn without its label: "1.00MRB".
    """

    def _form(self, model, view):
        view = self.env.ref(view)
        return etree.fromstring(self.env[model].get_view(view.id, "form")["arch"])

    def assertLabelled(self, form, *names):
        for name in names:
            with self.subTest(name):
                [field] = form.xpath(f"//field[@name='{name}'][not(ancestor::list)]")
                self.assertEqual(field.getparent().tag, "group")

    def test_rework_on_the_work_order(self):
        view = "mrp.mrp_production_workorder_form_view_inherit"
        form = self._form("mrp.workorder", view)
        self.assertLabelled(form, "mfg_rework_quantity", "mfg_rework_reason_id")

    def test_who_and_which_machine_on_a_time(self):
        form = self._form("mrp.workcenter.productivity", "mrp.oee_form_view")
        self.assertLabelled(form, "mfg_employee_id", "mfg_equipment", "mfg_made_up")
