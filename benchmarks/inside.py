# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""An Odoo environment in this process, without a server."""

from contextlib import contextmanager

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config


@contextmanager
def environment(conf, database):
    """Yield the superuser's environment; commits at the end."""
    config.parse_config(["-c", conf, "-d", database, "--no-http"], setup_logging=False)
    with Registry(database).cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
