# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.contract_common import ContractOfAddon

from .common import MesCase


@tagged("post_install", "-at_install")
class TestContract(ContractOfAddon, MesCase):
    folder = Path(__file__).parent.parent
