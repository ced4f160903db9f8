# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A plant that is pushed to: made and steered as a manager does it."""

import time

from world import Endpoint, wait_for

HERE = "127.0.0.0/8"


def connect(world, receiver, name="MES"):
    """A plant system that is pushed to, made as a manager makes one."""
    code = f"{name.lower()}-push-{time.time_ns()}"
    values = {
        "name": name,
        "code": code,
        "source": f"urn:plant:{code}",
        "delivery": "push",
        "push_url": receiver.url,
    }
    wizard = world.odoo.call("mfg.endpoint.setup", "create", [values])
    shown = world.odoo.call("mfg.endpoint.setup", "action_create", wizard)["context"]
    id_ = shown["default_endpoint_id"]
    world.odoo.call("mfg.endpoint", "write", [id_], {"push_networks": HERE})
    endpoint = Endpoint(world, id_, shown["default_key"], values["source"])
    endpoint.secret = shown["default_push_secret"]
    return endpoint


def press(endpoint, button):
    return endpoint.world.odoo.call("mfg.endpoint", button, [endpoint.id])


def rotate(endpoint, overlap_hours):
    """A manager has a new secret made; it is shown once."""
    values = {"endpoint_id": endpoint.id, "overlap_hours": overlap_hours}
    call = endpoint.world.odoo.call
    wizard = call("mfg.push.rotate", "create", [values])
    return call("mfg.push.rotate", "action_rotate", wizard)["context"]["default_secret"]


def undelivered(endpoint):
    return endpoint.world.value(
        "SELECT count(*) FROM mfg_message WHERE endpoint_id = %s"
        " AND direction = 'out' AND state <> 'acknowledged'",
        endpoint.id,
    )


def wait_delivered(endpoint, seconds=30):
    wait_for(lambda: not undelivered(endpoint), seconds, "all is delivered")


def attempts(endpoint):
    """(HTTP status, code) of each attempt, as the log shows them."""
    return endpoint.world.rows(
        "SELECT a.http_status, a.error_code FROM mfg_message_attempt a"
        " JOIN mfg_message m ON m.id = a.message_id WHERE m.endpoint_id = %s"
        " ORDER BY a.id",
        endpoint.id,
    )


def breaker(endpoint):
    return endpoint.world.value(
        "SELECT breaker FROM mfg_push_health WHERE endpoint_id = %s", endpoint.id
    )
