# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The demo: orders into Odoo, out to the plant, played, waited for, reconciled.

In between the planner does what some of the stories need a person for.
"""

import json
import time
from collections import Counter
from dataclasses import dataclass, field

from . import log, masterdata, mischief, play, pranks, recipe, stories, trial
from .answers import Answers
from .client import Plant, PlantError
from .notebook import Notebook
from .outcome import Outcomes
from .report import Console, duration, number
from .snapshot import snapshot
from .source import choose
from .verdict import Verdict

COLLECT_EVERY = 5  # batches between two looks into the outbox
RELEASE_PATIENCE = 120  # seconds


@dataclass
class Tally:
    """Answers to what was sent, and those that nobody expected."""

    answers: Counter = field(default_factory=Counter)
    odd: list = field(default_factory=list)
    raw: int = 0
    sending: float = 0.0
    settling: float = 0.0

    def add(self, sending, answer):
        status = answer["status"]
        self.answers[status] += 1
        if not _as_expected(sending, status):
            said = (answer.get("error") or {}).get("detail", "")
            kind = sending.event["type"]
            self.odd.append(f"{sending.role} {kind}: {status} {said}".rstrip())


def _as_expected(sending, status):
    if sending.role not in ("real", "prank"):
        return status == sending.expect
    # A wrong value may be refused at the door already.
    wrong = sending.expect not in (None, "posted", "waiting")
    return status in ("accepted", "duplicate") or (wrong and status == "rejected")


def told(found):
    """What a log has to tell, in numbers."""
    rows = found.rows
    kinds = Counter(row.kind for row in rows)
    pieces = (
        f"{number(sum(getattr(row, name) for row in rows))} {name}"
        for name in log.QUANTITIES
    )
    return (
        f"{len(rows)} rows ({kinds[log.SETUP]} set-up, {kinds[log.BREAKDOWN]} "
        f"breakdown, {sum(row.rework for row in rows)} rework): {', '.join(pieces)}"
    )


class Demo:
    """One run; ``options`` are those of the command line."""

    def __init__(self, options, planner_module, console=None):
        self.options, self.console = options, console or Console()
        run = json.loads(options.run_file.read_text())
        self.log = choose(options.log, options.orders, options.seed, options.generated)
        login = (run[name] for name in ("url", "db", "login", "password"))
        odoo = planner_module.Odoo(*login)
        self.planner = planner_module.Planner(odoo, self.console.progress)
        mes = run["endpoints"]["mes"]
        self.plant = Plant(run["url"], mes["key"], mes["source"])
        self.notebook = Notebook(options.run_file.parent, self.planner.database())
        refuses = [pranks.REFUSED] if options.mischief else []
        answers = Answers(self.plant.source, refuses)
        self.outcomes = Outcomes(self.plant, self.notebook, answers)
        self.tally, self.run = Tally(), run
        self.pranks, self.stories = [], []

    def main(self):
        """Play it all; the exit code: 1 when a difference has no explanation."""
        self._load()
        jobs, job_ids = self._jobs()
        seed, source = self.options.seed, self.plant.source
        events = {job.order.case: play.order_events(job, source, seed) for job in jobs}
        self._send(self._batches(events, job_ids))
        self._settle()
        if self.stories:
            self._decide()
            self._settle()
        self._count(jobs, events)
        return Verdict(self, jobs, events).tell()

    def _load(self):
        found, say = self.log, self.console.say
        say(f"Log: {len(found.orders)} orders, {told(found)}")
        for note in found.notes:
            say(f"  {note}")
        plans = [recipe.plan(order) for order in found.orders]
        machines, desk = dict(found.machines), self.planner.desk
        desk.explain_reasons(self.plant.source)
        if self.options.mischief:
            plans = plans + pranks.PLANS + stories.PLANS
            machines |= trial.MACHINES
            self.planner.centre_without_code(pranks.UNMAPPED_NAME)
            desk.set_policies(self.plant.source)
            desk.set_owners(self.plant.source)
        self.origins = [plan.origin for plan in plans]
        made = self.planner.load(plans, machines, found.workers)
        say(f"Planner: {made} orders made, {len(plans) - made} there already")

    def _jobs(self):
        """Join the log's orders with what Odoo released for them."""
        self._await_releases()
        orders = self.notebook.orders
        jobs = [play.Job.of_release(o, orders[o.case]) for o in self.log.orders]
        return jobs, {origin: orders[origin]["jobOrderId"] for origin in self.origins}

    def _await_releases(self):
        deadline = time.monotonic() + RELEASE_PATIENCE
        self.outcomes.collect()
        while self._missing() and time.monotonic() < deadline:
            if not self.outcomes.collect(wait=5):
                break
        if self._missing():
            self._ask_planner()
        self.console.say(
            f"Plant: {self.outcomes.releases} orders pulled from the outbox, "
            f"{len(self.origins)} known"
        )

    def _missing(self):
        return [origin for origin in self.origins if origin not in self.notebook.orders]

    def _ask_planner(self):
        """Orders acknowledged by a plant whose notes are gone: ask a human."""
        known = self.planner.job_orders(self._missing())
        for origin in self._missing():
            if not known.get(origin):
                raise PlantError(f"Odoo has not released the order of {origin}")
            self.notebook.orders[origin] = {"jobOrderId": known[origin]}
        self.notebook.save()
        self.console.say(f"  {len(known)} orders' numbers had to be asked for")

    def _batches(self, events, job_ids):
        """Everything to send, as lists of Sending."""
        seed = self.options.seed
        mixed = play.shuffled(list(events.values()), seed)
        batches = list(play.batches(mixed, seed))
        if not self.options.mischief:
            return [[mischief.Sending(e, "real") for e in batch] for batch in batches]
        source = self.plant.source
        self.stories = stories.stories(source, job_ids, seed)
        self.pranks = [
            *pranks.pranks(source, job_ids, seed),
            *stories.machine(source, seed),
            *masterdata.records(source, seed),
            *(sending for story in self.stories for sending in story.sendings),
        ]
        return mischief.spoil(batches, source, self.pranks, seed)

    def _send(self, batches):
        started, total = time.monotonic(), sum(map(len, batches))
        if self.options.mischief:
            self._send_raw()
        for count, batch in enumerate(batches, start=1):
            self._send_batch(count, self._unanswered(batch))
            self.notebook.save()
            if count % COLLECT_EVERY == 0:
                self.outcomes.collect()
            done = sum(self.tally.answers.values())
            self.console.progress(f"sent {done} of {total} events")
        self.tally.sending = time.monotonic() - started
        done = sum(self.tally.answers.values())
        took = duration(self.tally.sending)
        self.console.say(f"Plant: {done} events sent in {took}")

    def _unanswered(self, batch):
        if not self.options.resume:
            return batch
        return [s for s in batch if s.event["id"] not in self.notebook.hrefs]

    def _send_batch(self, count, batch):
        """Mostly in batches; now and then the first one alone, in the other modes."""
        alone = {1: self.plant.send_binary, 3: self._send_one}.get(count % 5)
        if alone and batch:
            self._note(batch[0], alone(batch[0].event))
            batch = batch[1:]
        if batch:
            answers = self.plant.send([sending.event for sending in batch])
            for sending, answer in zip(batch, answers, strict=True):
                self._note(sending, answer)

    def _send_one(self, event):
        return self.plant.send([event])[0]

    def _note(self, sending, answer):
        self.tally.add(sending, answer)
        if answer["status"] in ("accepted", "duplicate") and answer.get("href"):
            self.notebook.hrefs[sending.event["id"]] = answer["href"]

    def _send_raw(self):
        for what, body, content_type, statuses in mischief.raw():
            response = self.plant.send_raw(body, content_type)
            self.tally.raw += 1
            if response.status_code not in statuses:
                self.tally.odd.append(f"body {what}: HTTP {response.status_code}")

    def _decide(self):
        """The planner's part: stock is brought, a surplus approved."""
        approved = 0
        for story in self.stories:
            for code, pieces in story.bring.items():
                self.planner.stock.bring(code, pieces)
            reason = f"Demo: {story.origin}"
            approved += self.planner.desk.approve(story.approve, reason)
        self.console.say(f"Planner: stock brought, {approved} message(s) approved")

    def _count(self, jobs, events):
        """At the end of each order the plant tells what it counted."""
        seed, source = self.options.seed, self.plant.source
        counted = [snapshot(job, events[job.order.case], source, seed) for job in jobs]
        for batch in play.batches(counted, seed):
            answers = self.plant.send(batch)
            for event, answer in zip(batch, answers, strict=True):
                if answer["status"] not in ("accepted", "duplicate"):
                    self.tally.odd.append(f"snapshot of {event['subject']}: {answer}")
        self._settle()
        self.console.say(f"Plant: {len(counted)} orders counted, snapshots sent")

    def _settle(self):
        started = time.monotonic()
        self.outcomes.wait(self._settling)
        self.tally.settling += time.monotonic() - started
        took = duration(self.tally.sending + self.tally.settling)
        self.console.say(f"Odoo: all settled {took} after the first event")

    def _settling(self, depths):
        names = "posted", "queued", "waiting", "retrying", "parked"
        self.console.progress(
            " · ".join(f"{name} {depths[name]:.0f}" for name in names if name in depths)
        )
