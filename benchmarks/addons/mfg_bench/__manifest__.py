# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Plant Integration: Benchmark Rivals",
    "summary": "The same postings by other ways, to be measured beside the suite",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "website": "https://github.com/OCA/manufacture",
    "author": "Plant Integration Suite contributors, Odoo Community Association (OCA)",
    "license": "LGPL-3",
    "depends": ["mfg_mes_connector", "queue_job"],
    "data": ["security/ir.model.access.csv"],
    "installable": True,
}
