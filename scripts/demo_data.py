"""The demo's plant endpoint with a fresh key: what the set-up wizard makes, unattended.

    demo_data.py CONFIG DATABASE

Its last line is {"login", "password", "endpoints": {"mes": {"key", "source"}}}.
Running it again keeps the endpoint and makes a new key.
"""

import json
import os
import sys

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tools import config

CODE, SOURCE = "mes", "urn:plantsim:mes"
TOLERANCE = 10.0  # percent of over-production that the demo's planner accepts


def main(conf, database):
    config.parse_config(["-c", conf, "-d", database, "--no-http"], setup_logging=False)
    registry = Registry(database)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        login, password = _person(env)
        endpoint = _endpoint(env)
        _show_work_orders(env)
        plant = {"key": endpoint._rotate_key(), "source": endpoint.source}
    registry.signal_changes()  # the server runs: it must not go on with the old groups
    run = {"login": login, "password": password, "endpoints": {CODE: plant}}
    print(json.dumps(run))


def _person(env):
    """The planner who logs in; a demo listens on this machine only."""
    password = os.environ.get("MFG_ADMIN_PASSWORD", "admin")
    admin = env.ref("base.user_admin")
    admin.password = password
    return admin.login, password


def _endpoint(env):
    endpoints = env["mfg.endpoint"]
    found = endpoints.search([("code", "=", CODE)], limit=1)
    endpoint = found or endpoints.create(
        {
            "name": "Demo MES",
            "code": CODE,
            "source": SOURCE,
            "company_id": env.ref("base.main_company").id,
        }
    )
    _interfaces(env, endpoint)
    return endpoint


def _interfaces(env, endpoint):
    there = {(i.type, i.direction) for i in endpoint.interface_ids}
    endpoint.interface_ids = [
        Command.create(
            {
                "type": event_type,
                "direction": direction,
                "over_production_percent": TOLERANCE,
            }
        )
        for event_type, direction in env["mfg.handler"]._ways()
        if (event_type, direction) not in there
    ]


def _show_work_orders(env):
    """The setting a planner ticks to see operations; the log is full of them."""
    env["res.config.settings"].create({"group_mrp_routings": True}).execute()


if __name__ == "__main__":
    main(*sys.argv[1:])
