# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

import pytest
from engine.texts import marker


@pytest.mark.parametrize(
    ("name", "addon"),
    [
        ("odoo.addons.mfg_mes_connector.handlers.version", "mfg_mes_connector"),
        ("odoo.addons.mfg_b2mml", "mfg_b2mml"),
    ],
)
def test_a_text_knows_its_addon(name, addon):
    assert marker(name)("Job started").addon == addon


def test_a_text_is_english_wherever_it_is_stored_or_sent():
    text = marker("odoo.addons.mfg_b2mml.models")("Job started")
    assert (text, f"{text}.") == ("Job started", "Job started.")
    assert json.dumps({"title": text}) == '{"title": "Job started"}'
    assert {text: 1}["Job started"] == 1
