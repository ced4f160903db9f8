# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tools import sql


def migrate(cr, version):
    """The base addon's one tolerance was of over-production; now there are more."""
    old, new = "tolerance_percent", "over_production_percent"
    if sql.column_exists(cr, "mfg_interface", old):
        sql.rename_column(cr, "mfg_interface", old, new)
