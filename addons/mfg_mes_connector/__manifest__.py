# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Plant Integration: MES Connector",
    "summary": "Release production orders to an MES and post what the plant reports",
    "version": "19.0.1.0.0",
    "category": "Manufacturing",
    "website": "https://github.com/OCA/manufacture",
    "author": "Plant Integration Suite contributors, Odoo Community Association (OCA)",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["mfg_integration_base", "mrp", "hr"],
    "data": [
        "security/mfg_groups.xml",
        "security/ir.model.access.csv",
        "security/mfg_rules.xml",
        "views/mfg_workcenter_crosswalk_views.xml",
        "views/mfg_interface_views.xml",
        "views/mrp_production_views.xml",
        "views/mrp_workcenter_productivity_views.xml",
        "views/mfg_menus.xml",
    ],
}
