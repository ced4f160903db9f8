# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging
import re

_logger = logging.getLogger(__name__)


def whole_number(env, name, default):
    """A system parameter that people write as a whole number; what is none is as good
    as not set, and named in the log."""
    # sudo: of the parameters of the system only this number is told
    text = str(env["ir.config_parameter"].sudo().get_param(name) or "").strip()
    if re.fullmatch(r"-?[0-9]{1,9}", text):
        return int(text)
    if text:
        _logger.warning("%s is no whole number; it is taken as %s", name, default)
    return default
