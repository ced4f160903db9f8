# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

GIVEN = ("mrp.group_mrp_user", "stock.group_production_lot")


def uninstall_hook(env):
    """Plants keep no right of Manufacturing.

    Odoo deletes this addon's own records, not what it gave to the service group of the
    base addon (security/mfg_groups.xml).
    """
    service = env.ref("mfg_integration_base.group_mfg_service")
    for name in GIVEN:
        service.implied_ids -= env.ref(name)
