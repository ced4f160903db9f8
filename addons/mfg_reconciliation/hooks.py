# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from .models.mfg_reconciliation_run import LAST


def uninstall_hook(env):
    """The first night of a later installation looks back by a day, not to here."""
    env["ir.config_parameter"].set_param(LAST, False)
