# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A log with every kind of row, and the stories a person has a part in, reconciled."""

from decimal import Decimal

import pytest
from planner import Planner

from plantsim import generate, log, play, recipe, stories, trial
from plantsim.account import Account

SEED = 7
ORDERS = 3
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


def differences(planner, accounts):
    found = planner.books.totals(accounts)
    return {
        origin: Account(origin, part, events, found[origin], "", closing).differences
        for origin, (part, events, closing) in accounts.items()
    }


def messy():
    """A log so short that a test can play it, with all that a log can have."""
    records = generate.records(ORDERS, SEED)
    for number, kind in enumerate("SB"):
        records[number] |= {"Report Type": kind}
    records[2] |= {"Qty for MRB": "2"}
    records[3] |= {"Rework": "Y", "Qty Completed": "1"}
    return log.parse(records)


def test_every_kind_of_row_is_in_odoo_as_the_plant_told_it(world, desk):
    endpoint, planner = desk
    found = messy()
    plans = [recipe.plan(order) for order in found.orders]
    planner.load(plans, found.machines, found.workers)
    orders = released(endpoint)
    jobs = [play.Job.of_release(order, orders[order.case]) for order in found.orders]
    accounts = {
        job.order.case: (
            job.order.part,
            play.order_events(job, endpoint.source, SEED),
            job.segment(job.order.closing),
        )
        for job in jobs
    }
    endpoint.plant.play_orders(jobs, SEED)
    world.wait_quiet(120)
    assert differences(planner, accounts) == {origin: [] for origin in accounts}
    booked = planner.books.totals(accounts).values()
    for name in ("completed", "setup", "downtime", "review", "rework"):
        assert sum(getattr(totals, name) for totals in booked) > 0, name


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
