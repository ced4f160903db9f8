# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Plant Integration: B2MML",
    "summary": "Exchange orders and reports with an MES as B2MML (ISA-95 in XML)",
    "version": "19.0.1.1.0",
    "category": "Manufacturing",
    "website": "https://github.com/OCA/manufacture",
    "author": "Plant Integration Suite contributors, Odoo Community Association (OCA)",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["mfg_mes_connector"],
    "external_dependencies": {"python": ["lxml"]},
    "data": [
        "security/ir.model.access.csv",
        "security/mfg_b2mml_rules.xml",
        "views/mfg_b2mml_document_views.xml",
        "views/mfg_endpoint_views.xml",
        "views/mfg_message_views.xml",
        "views/mfg_menus.xml",
    ],
}
