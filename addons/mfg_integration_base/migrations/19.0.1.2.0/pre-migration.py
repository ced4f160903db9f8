# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


def migrate(cr, version):
    """Rules follow the code; they were data that an update leaves alone."""
    cr.execute(
        """
        UPDATE ir_model_data SET noupdate = FALSE
        WHERE module = 'mfg_integration_base' AND model = 'ir.rule'
        """
    )
