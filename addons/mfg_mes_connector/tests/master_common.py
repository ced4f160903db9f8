# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.addons.mfg_integration_base.tests import master_common

from .equipment_common import EquipmentCase

EQUIPMENT = "mfg.master.equipment.v1"
REASON = "mfg.master.reason.v1"
BOM = "mfg.master.bom.v1"
ROUTING = "mfg.master.routing.v1"


def minutes(value):
    return {"value": str(value), "unitCode": "MIN"}


class PlantMasterCase(EquipmentCase):
    """A plant of machines and boards that has master data to tell."""

    own = classmethod(master_common.MasterCase.own.__func__)
    say_master = master_common.MasterCase.say
    naming = master_common.MasterCase.naming
    back = master_common.MasterCase.take_back
    assertNotOwner = master_common.MasterCase.assertNotOwner
    assertOvertaken = master_common.MasterCase.assertOvertaken
    proposals = master_common.MasterCase.proposals
