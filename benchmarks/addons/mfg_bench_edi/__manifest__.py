# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Plant Integration: EDI Rival",
    "summary": "Plant events through OCA's EDI framework, to be measured",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "website": "https://github.com/OCA/manufacture",
    "author": "Plant Integration Suite contributors, Odoo Community Association (OCA)",
    "license": "LGPL-3",
    "depends": ["mfg_bench", "edi_queue_oca", "edi_endpoint_oca"],
    "data": ["data/edi.xml"],
    "installable": True,
}
