# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant's own reason codes; what they mean in Odoo is the planner's to say."""

from .log import BREAKDOWN, SETUP

REJECT = "REJECT"
REVIEW = "MRB"  # set aside until a material review board decides
REWORK = "REWORK"
PIECES = REJECT, REVIEW, REWORK  # why pieces are not good
STOPS = {SETUP: "SETUP", BREAKDOWN: "BREAKDOWN"}  # why a machine stands
