# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import PlantCase


@tagged("post_install", "-at_install")
class TestInterfacePolicies(PlantCase):
    """Handlers say which settings of an interface they obey."""

    def test_each_policy_is_a_setting_of_an_interface(self):
        fields = self.env["mfg.interface"]._fields
        for event_type in self.env["mfg.handler"]._registry():
            handler = self.env["mfg.handler"]._for_type(event_type)
            with self.subTest(event_type):
                self.assertLessEqual(set(handler._mfg_policies), fields.keys())
                self.assertLessEqual(
                    handler._mfg_withheld.keys(), set(handler._mfg_policies)
                )
                for name, values in handler._mfg_withheld.items():
                    offered = dict(fields[name].selection)
                    self.assertLessEqual(set(values), offered.keys())

    def test_an_interface_lists_them(self):
        for interface in self.endpoint.interface_ids:
            obeyed = interface._handler()._mfg_policies
            self.assertLessEqual(set(obeyed), set(interface.policies))
