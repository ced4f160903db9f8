# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A plant tells Odoo and a plain model the same, and both must show the same."""

import itertools
import os
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from . import stateful_events as events
from .common import at
from .stateful_plant import Plant
from .stateful_world import GATED, bill, received

CENT = Decimal("0.01")
_keys = itertools.count(1)
# The same few stories every time. For a longer search, anew each time, of 200 stories
# of up to 60 steps per test (hours):
#   MFG_STATEFUL=200,60 .venv/bin/python scripts/addon_tests.py --db mfg_search
#       addons/mfg_mes_connector/tests/test_stateful*.py -q
SEARCHING = "MFG_STATEFUL" in os.environ
EXAMPLES, STEPS = map(int, os.environ.get("MFG_STATEFUL", "4,8").split(","))
profile = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    derandomize=not SEARCHING,
    database=None,
    deadline=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
    # a search makes what it finds as short as it can; eight steps are read as they are
    phases=(Phase.generate, Phase.shrink) if SEARCHING else (Phase.generate,),
)


# of kinds of stories that are also told one by one (stateful_flows.py)
brief = profile if SEARCHING else settings(profile, max_examples=2)
OVER = "over-tolerance"


class PlantMachine(RuleBasedStateMachine):
    """A plant that reports on one order, told to Odoo and to a plain model."""

    def __init__(self, case, tracked=False, by_cost=True, staged=False):
        super().__init__()
        self.case, self.tracked = case, tracked
        self.savepoint = case.env.cr.savepoint()
        case.stage(staged)
        case.make_stool_order()
        self.model = self.make_model(bill(tracked, by_cost, staged))
        self.sent, self.story = [], []

    def make_model(self, bill):
        return Plant(bill, received())

    def teardown(self):
        self.savepoint.close(rollback=True)
        self.case.env.invalidate_all(flush=False)

    # -- what the plant does -----------------------------------------------------------

    @rule(data=st.data())
    def report(self, data):
        self.tell(data.draw(events.reports(self.tracked)))

    @rule(data=st.data())
    def report_more(self, data):
        self.tell(data.draw(events.reports(self.tracked)))

    @rule(data=st.data())
    def tell_else(self, data):
        self.tell(data.draw(events.facts(self.tracked)))

    @rule(data=st.data())
    def end(self, data):
        final = events.final_reports(self.tracked)
        self.tell(data.draw(st.one_of(final, events.completions())))

    @precondition(lambda self: not self.model.closed_by)
    @rule(data=st.data())
    def rework(self, data):
        self.tell(data.draw(events.reworks(f"Polish {len(self.sent)}")))

    @precondition(lambda self: self.model.reworks())
    @rule(data=st.data())
    def work_over(self, data):
        self.tell(data.draw(events.work_over(self.model.reworks())))

    @precondition(lambda self: not self.model.closed_by)
    @rule(data=st.data(), more=st.sampled_from([1, 2]), approved=st.booleans())
    def report_too_much(self, data, more, approved):
        """Beyond what was ordered; a person may approve."""
        event_type, told = data.draw(events.reports(self.tracked))
        short = max(self.model.bill.ordered - self.model.made(), 0)
        made = events.amount(short + more)
        lots = {"lots": [events.lot("L1")]} if self.tracked else {}
        self.tell((event_type, {**told, "quantity": made, **lots}), approved)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), any_event=events.rarely)
    def reverse(self, data, any_event):
        """Mostly an event that took effect."""
        others = [*self.sent, {"id": "never sent"}]
        ids = {fact.event["id"] for fact in self.model.facts}
        mine = [event for event in self.sent if event["id"] in ids] or others
        self.reverse_one(data.draw(st.sampled_from(others if any_event else mine)))

    @precondition(lambda self: self.model.closed_by)
    @rule()
    def reverse_end(self):
        self.reverse_one(self.model.closed_by.event)

    def reverse_one(self, wrong):
        data = {"eventId": wrong["id"], "reason": "Wrong"}
        self.tell(events.event(events.REVERSED, **data))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def resend(self, data):
        again = data.draw(st.sampled_from(self.sent))
        [answer] = self.case.accept(again)
        self.case.assertEqual(answer["status"], "duplicate")
        self.case.drain()
        self.check()

    def tell_story(self, story):
        try:
            for step in story:
                self.tell_step(step)
        finally:
            self.teardown()

    def tell_step(self, step):
        """A step of a story (stateful_stories.py, stateful_flows.py)."""
        if isinstance(step, int):
            self.reverse_one(self.sent[step])
        elif isinstance(step, list):
            told = [self.made(fact) for fact in step]
            messages = self.send_all(told)
            self.case.drain()
            self.settle(told, messages)
        elif callable(step):
            step(self)
        else:
            self.tell(step)

    # -- telling both ------------------------------------------------------------------

    def tell(self, fact, approved=False):
        told = self.made(fact)
        messages = self.send_all([told])
        self.case.drain()
        self.settle([told], messages, approved)

    def made(self, fact, time=None):
        """A whole event of (type, data)."""
        event_type, data = fact
        if event_type != events.REVERSED:
            data = {"jobOrderId": self.case.order.mfg_job_order_id, **data}
        if time and "time" in data and event_type in (events.REPORTED, events.CONSUMED):
            data["time"] = time
        return self.case.event(event_type, data)

    def send_all(self, told, **attributes):
        key = f"key {next(_keys)}"
        return [self.send({**event, "subject": key, **attributes}) for event in told]

    def send(self, event):
        self.sent.append(event)
        [answer] = self.case.accept(event)
        self.case.assertEqual(answer["status"], "accepted")
        number = int(answer["href"].rpartition("/")[2])
        return self.case.env["mfg.message"].browse(number)

    def settle(self, told, messages, approved=False):
        """What was refused, a person approves, where that is possible, or cancels;
        those behind it then have their turn."""
        for event, message in zip(told, messages, strict=True):
            code = self.expect(event, message)
            if code == OVER and approved:
                message._approve("The planner says: all right.")
                self.case.drain()
                code = self.expect(event, message, {OVER})
            if code:
                message._cancel("The plant says: never mind.")
                self.model.give_up(event)
                self.case.drain()
        self.check()

    def expect(self, event, message, approved=()):
        """The code with which both refuse an event, if they do."""
        code = self.model.tell(event, approved)
        self.story.append((event["id"], code, event["type"], event["data"]))
        expected = ("parked", code) if code else ("posted", False)
        seen = (message.state, message.error_code)
        self.case.assertEqual(seen, expected, self.told_so_far(message.error_detail))
        return code

    def told_so_far(self, *words):
        return "\n".join(map(str, [*words, *self.story]))

    def check(self):
        seen, expected = self.case.picture(), self.model.picture()
        wrong = {
            part: difference
            for part in expected
            if (difference := self.difference(seen[part], expected[part]))
        }
        told = self.told_so_far("(Odoo, model) after")
        self.case.assertFalse(wrong, told)

    def difference(self, seen, expected):
        """What Odoo shows and the model says, where that is not the same."""
        if isinstance(expected, dict):
            return {
                key: (seen.get(key), expected.get(key))
                for key in {*seen, *expected}
                if seen.get(key) != expected.get(key)
            }
        cents = isinstance(expected, Decimal) and CENT * (1 + len(self.model.facts))
        same = abs(seen - expected) <= cents if cents else seen == expected
        return None if same else (seen, expected)


class BusyMachine(PlantMachine):
    """Where messages wait together, and where others are at work as well."""

    @rule(data=st.data(), joined=st.booleans(), time=events.times)
    def many(self, data, joined, time):
        """Several wait together, perhaps numbered and in the wrong order."""
        facts = st.lists(events.facts(self.tracked), min_size=2, max_size=4)
        told = [self.made(fact, time) for fact in data.draw(facts)]
        self.case.endpoint.interface_ids.join = joined
        order = data.draw(st.one_of(st.none(), st.permutations(range(len(told)))))
        messages = self.send_numbered(told, order) if order else self.send_all(told)
        self.case.drain()
        self.settle(told, messages)

    @rule(data=st.data(), table=st.sampled_from(GATED))
    def tell_while_locked(self, data, table):
        """A lock that somebody else holds delays an event, and nothing else."""
        told = self.made(data.draw(events.facts(self.tracked)))
        before = self.case.picture()
        with self.case.locked(table):
            [message] = self.send_all([told])
            self.case.drain()
        if message.state == "retrying":
            self.case.assertEqual(message.error_code, "locked")
            self.case.assertEqual(self.case.picture(), before)
            message._retry("The lock is gone.")
            self.case.drain()
        elif table == "mfg_message_link":
            self.case.assertEqual(message.state, "parked")
        self.settle([told], [message])

    def send_numbered(self, told, order):
        """Numbered by their place in ``told``, sent in another order."""
        key, messages = f"key {next(_keys)}", {}
        for place in order:
            numbered = {"subject": key, "sequence": str(place + 1)}
            messages[place] = self.send({**told[place], **numbered})
            self.case.drain()
        return [messages[place] for place in range(len(told))]


class ClockMachine(PlantMachine):
    """A plant that tells everything as it happens: its times only ever rise."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.minutes = 0

    def now(self):
        self.minutes += 1
        hour, minute = divmod(self.minutes, 60)
        return at(6 + hour, minute, day=events.LATE_DAY + 1)

    def made(self, fact, time=None):
        event = super().made(fact, time)
        if "time" in event["data"]:
            event["data"]["time"] = self.now()
        return event
