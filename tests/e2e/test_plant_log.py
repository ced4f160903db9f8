# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant's log, and the stories a person has a part in, reconciled.

It is the real log where that is there (``../shared/data``, as ``make demo`` plays it),
else one made up like it; of its 75 orders the first 30, which have all that a log can
have, in the time that a test may take. MFG_PLANT_ORDERS=75 plays all of them,
MFG_PLANT_LOG=path another log.
"""

import os
import time
from decimal import Decimal

import pytest
from planner import Planner

from plantsim import play, recipe, source, stories, trial
from plantsim.account import Account
from plantsim.reconcile import SUMS
from plantsim.snapshot import snapshot

SEED = 7
ORDERS = int(os.environ.get("MFG_PLANT_ORDERS", "30"))
PATIENCE = 20 * ORDERS  # seconds, on a machine with other things to do
LOG = os.environ.get("MFG_PLANT_LOG")
OVER_PRODUCTION = {"over_production_percent": 10.0}


@pytest.fixture(scope="module")
def desk(world):
    """A plant with its reasons explained and its policies set."""
    endpoint, planner = world.endpoint("Log"), Planner(world.odoo)
    planner.desk.explain_reasons(endpoint.source)
    planner.desk.set_policies(endpoint.source)
    endpoint.configure("mfg.production.reported.v1", **OVER_PRODUCTION)
    counts = {"endpoint_id": endpoint.id, "type": "mfg.inventory.counted.v1"}
    world.odoo.call("mfg.interface", "create", [counts])
    return endpoint, planner


def released(endpoint):
    """What was released, by origin."""
    return {
        event["data"]["origin"]: event["data"]
        for event in endpoint.drain_outbox()
        if event["type"] == "mfg.joborder.released.v1"
    }


def accounted(planner, accounts):
    """What the plant told of each order, beside what Odoo has of it."""
    found = planner.books.totals(accounts)
    return [
        Account(origin, part, events, found[origin], "", closing)
        for origin, (part, events, closing) in accounts.items()
    ]


def differences(planner, accounts):
    return {a.origin: a.differences for a in accounted(planner, accounts)}


def test_the_log_is_in_odoo_as_the_plant_told_it(world, desk, tell):
    """Each piece, reject, minute of labour, set-up and breakdown, and each component of
    each order; and Odoo's own reconciliation of the plant's counts finds the same."""
    endpoint, planner = desk
    log = source.choose(LOG, ORDERS, SEED)
    planner.load([recipe.plan(o) for o in log.orders], log.machines, log.workers)
    orders = released(endpoint)
    jobs = [play.Job.of_release(order, orders[order.case]) for order in log.orders]
    told = [play.order_events(job, endpoint.source, SEED) for job in jobs]
    accounts = {
        job.order.case: (job.order.part, events, job.segment(job.order.closing))
        for job, events in zip(jobs, told, strict=True)
    }
    started = time.monotonic()
    answers = endpoint.plant.play_orders(jobs, SEED)
    world.wait_quiet(PATIENCE)
    seconds = time.monotonic() - started
    assert {answer["status"] for answer in answers.values()} == {"accepted"}
    assert states_of(world, endpoint) == {"posted": len(answers)}
    found = accounted(planner, accounts)
    assert {a.origin: a.differences for a in found if a.differences} == {}
    for name in SUMS:
        assert sum(getattr(account.found, name) for account in found) > 0, name
    assert {code for account in found for code in account.found.consumed}
    counts = zip(jobs, told, strict=True)
    counted = [snapshot(j, e, endpoint.source, SEED) for j, e in counts]
    endpoint.deliver(*counted, seconds=120)
    said = planner.books.reconciled(job.job_order_id for job in jobs)
    assert set(said.values()) == {("matched", False)} and len(said) == len(jobs)
    tell(f"events of the {len(log.orders)} orders of the log", len(answers))
    tell("a second, from the first sent to the last posted", len(answers) / seconds)


def states_of(world, endpoint):
    """How many messages of the plant are in which state."""
    rows = world.rows(
        "SELECT state, count(*) FROM mfg_message WHERE endpoint_id = %s"
        " AND direction = 'in' GROUP BY 1",
        endpoint.id,
    )
    return dict(rows)


def test_stories_are_posted_once_the_planner_did_his_part(world, desk):
    endpoint, planner = desk
    planner.load(stories.PLANS, trial.MACHINES, [])
    job_ids = {name: data["jobOrderId"] for name, data in released(endpoint).items()}
    told = stories.stories(endpoint.source, job_ids, SEED)
    events = [event for story in told for event in story.events]
    events += [sending.event for sending in stories.machine(endpoint.source, SEED)]
    endpoint.deliver(*events, seconds=120)
    accounts = {story.origin: (story.part, story.events, None) for story in told}
    before = {o for o, names in differences(planner, accounts).items() if names}
    assert before == {stories.SHORT, stories.APPROVED}
    for story in told:
        for code, pieces in story.bring.items():
            planner.stock.bring(code, pieces)
        planner.desk.approve(story.approve, "Agreed with the plant")
    world.wait_quiet(60)
    assert {endpoint.outcome(event) for event in events} == {"posted"}
    assert not any(differences(planner, accounts).values())
    made = planner.books.totals([stories.DIVIDED])[stories.DIVIDED]
    assert made.produced == Decimal(10)
