# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Codes that reading B2MML adds to the catalogue."""

from odoo.addons.mfg_integration_base.engine.catalogue import DOOR, Entry, register
from odoo.addons.mfg_integration_base.engine.texts import marker

_lt = marker(__name__)

NOT_SUPPORTED = "not-supported"

register(
    Entry(
        NOT_SUPPORTED,
        _lt("The document says something that has no event"),
        DOOR,
        _lt(
            "Leave out the element that is named, or send what it means as an event of "
            "its own; see docs/b2mml.md for what is read."
        ),
        422,
    )
)
