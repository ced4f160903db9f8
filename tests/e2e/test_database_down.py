# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""PostgreSQL goes away, or takes nothing in: the plant hears "later", never "stored".

On a PostgreSQL of its own, with a copy of the tests' database. What happens to
messages in hand is test_crash.py's business.
"""

import os

import pytest
import requests
from world import problem, wait_for

BACK = 75  # seconds: the sweeper comes every minute


@pytest.fixture
def plant(bed):
    """A plant of its own, on a server that runs."""
    if not bed.stack.group:  # a test before this one failed while it was down
        bed.stack.start()
        bed.stack.wait_ready()
    return bed.endpoint("Shaky")


def says_later(endpoint, event):
    """Post it in both ways: 503 with Retry-After, and nothing else."""
    for body in (event, [event]):
        answer = endpoint.post(body, timeout=60)
        assert answer.status_code == 503, f"{answer.status_code}: {answer.text[:500]}"
        assert int(answer.headers["Retry-After"]) > 0
        assert problem(answer)["code"] == "unavailable"


def comes_back(endpoint, event):
    """The same bytes again until they are taken, as an MES does."""

    def taken():
        answer = endpoint.post(event)
        assert answer.status_code in (202, 503), answer.text
        return answer.status_code == 202

    wait_for(taken, 60, "the door opens again", pause=0.5)


def send(endpoint, count):
    events = endpoint.events(count, keys=5)
    answer = endpoint.post(events, timeout=60)
    assert answer.status_code == 202, answer.text
    return [event["id"] for event in events]


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_postgresql_stopped(bed, plant, mode):
    sent = send(plant, 60)
    event = plant.event()
    bed.cluster.stop(mode)
    try:
        for _try in range(3):
            says_later(plant, event)
        health = requests.get(f"{bed.url}/mfg/v1/health", timeout=30)
        assert health.status_code == 503 and health.headers["Retry-After"]
    finally:
        bed.cluster.start()
    comes_back(plant, event)
    sent += [event["id"], *send(plant, 10)]
    bed.wait_quiet(BACK)
    assert bed.invariants(plant, sent) == len(sent)


def become(cluster, standby):
    """Restart it as a standby, which takes nothing in, or as what it was."""
    signal = cluster.data / "standby.signal"
    cluster.stop("fast")
    if standby:
        signal.touch()
        if cluster.account:
            os.chown(signal, cluster.account["user"], cluster.account["group"])
    else:
        signal.unlink(missing_ok=True)
    cluster.start()


def test_database_read_only(bed, plant):
    """As after a failover that left Odoo with the standby."""
    sent = send(plant, 20)
    event = plant.event()
    become(bed.cluster, standby=True)
    try:
        assert bed.value("SELECT pg_is_in_recovery()")
        says_later(plant, event)
        health = requests.get(f"{bed.url}/mfg/v1/health", timeout=30)
        assert health.status_code == 503
    finally:
        become(bed.cluster, standby=False)
    comes_back(plant, event)
    sent.append(event["id"])
    bed.wait_quiet(BACK)
    assert bed.invariants(plant, sent) == len(sent)


def test_read_only_by_default_is_no_obstacle(bed, plant):
    """Odoo begins every transaction as READ WRITE: 202 is said, and is true."""
    with bed.databases.cursor() as cr:
        cr.execute(f"ALTER DATABASE {bed.db} SET default_transaction_read_only = on")
    try:
        event = plant.event()
        answer = plant.post(event)
        if answer.status_code == 503:
            return
        assert answer.status_code == 202
        assert plant.row(event["id"], "event_id") == (event["id"],)
    finally:
        with bed.databases.cursor() as cr:
            cr.execute("SET default_transaction_read_only = off")
            cr.execute(f"ALTER DATABASE {bed.db} RESET default_transaction_read_only")
    bed.wait_quiet(BACK)


def test_out_of_connections(bed, plant):
    """Odoo's server takes no more connections: later, too."""
    event = plant.event()
    limit = f"ALTER DATABASE {bed.db} CONNECTION LIMIT"
    with bed.databases.cursor() as cr:
        # Not a superuser's business: the limit does not hold for those.
        cr.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cr.fetchone()[0]:
            cr.execute(f"ALTER DATABASE {bed.db} ALLOW_CONNECTIONS false")
            back = f"ALTER DATABASE {bed.db} ALLOW_CONNECTIONS true"
        else:
            cr.execute(f"{limit} 0")
            back = f"{limit} -1"
        cr.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [bed.db],
        )
    try:
        says_later(plant, event)
    finally:
        with bed.databases.cursor() as cr:
            cr.execute(back)
    comes_back(plant, event)
    bed.wait_quiet(BACK)
    assert bed.invariants(plant, [event["id"]]) == 1
