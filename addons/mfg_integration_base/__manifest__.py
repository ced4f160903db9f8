# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Plant Integration",
    "summary": "Durable, ordered, traceable event exchange between Odoo and plants",
    "version": "19.0.1.1.0",
    "category": "Manufacturing",
    "website": "https://github.com/OCA/manufacture",
    "author": "Plant Integration Suite contributors, Odoo Community Association (OCA)",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["mail", "stock", "queue_job"],
    "external_dependencies": {"python": ["jsonschema-rs", "jsonschema", "requests"]},
    "post_load": "post_load",
    "data": [
        "security/mfg_groups.xml",
        "security/ir.model.access.csv",
        "security/mfg_rules.xml",
        "data/queue_job_data.xml",
        "data/ir_cron_data.xml",
        "data/mfg_uom_crosswalk_data.xml",
        "wizards/mfg_endpoint_key_views.xml",
        "wizards/mfg_endpoint_setup_views.xml",
        "wizards/mfg_interface_review_views.xml",
        "wizards/mfg_message_decide_views.xml",
        "wizards/mfg_message_edit_views.xml",
        "views/mfg_message_views.xml",
        "views/mfg_issue_views.xml",
        "views/mfg_mapping_views.xml",
        "views/mfg_uom_crosswalk_views.xml",
        "views/mfg_interface_views.xml",
        "views/mfg_endpoint_views.xml",
        "views/mfg_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "mfg_integration_base/static/src/mapping_record_field.js",
            "mfg_integration_base/static/src/mfg.scss",
        ],
        "web.assets_tests": [
            "mfg_integration_base/static/tests/tours/**/*",
        ],
    },
}
