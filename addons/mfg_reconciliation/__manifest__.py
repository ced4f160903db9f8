# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Plant Integration: Reconciliation",
    "summary": "Compare what the plant counted with what Odoo has, and correct it",
    "version": "19.0.1.0.0",
    "category": "Manufacturing",
    "website": "https://github.com/OCA/manufacture",
    "author": "Plant Integration Suite contributors, Odoo Community Association (OCA)",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["mfg_mes_connector"],
    "uninstall_hook": "uninstall_hook",
    "data": [
        "security/ir.model.access.csv",
        "security/mfg_rules.xml",
        "data/stock_scrap_reason_tag_data.xml",
        "data/ir_cron_data.xml",
        "wizards/mfg_reconciliation_decide_views.xml",
        "views/mfg_reconciliation_line_views.xml",
        "views/mfg_reconciliation_views.xml",
        "views/mfg_interface_views.xml",
        "views/mfg_menus.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "mfg_reconciliation/static/tests/tours/**/*",
        ],
    },
}
