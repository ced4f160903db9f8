# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from .push_common import DATA, HERE, OUT, QUICK, Receiver
from .race_common import RaceCase


class PushRaceCase(RaceCase):
    """A plant that is pushed to, and who is woken for it: nobody but the test."""

    types = (OUT,)

    def setUp(self):
        super().setUp()
        push = type(self.env["mfg.push"])
        self.woken = []
        self.startPatcher(
            patch.object(push, "_wake", lambda *args: self.woken.append(args[1:]))
        )
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        with self.transaction() as env:
            endpoint = self.endpoint(env)
            endpoint.write(
                {
                    "delivery": "push",
                    "push_url": self.receiver.url,
                    "push_networks": HERE,
                }
            )
            self.secret = endpoint._rotate_push_secret()

    def endpoint(self, env):
        return env["mfg.endpoint"].browse(self.ids[0])

    def remove(self, env):
        ids = [self.ids[0]]
        env.cr.execute("DELETE FROM mfg_issue WHERE endpoint_id = ANY(%s)", [ids])
        return super().remove(env)

    def emit(self, count=1, subject="order-{}"):
        with self.transaction() as env:
            endpoint, outbox = self.endpoint(env), env["mfg.outbox"]
            company = endpoint.company_id
            return [
                outbox.emit(
                    OUT, subject.format(number), DATA, company, endpoint=endpoint
                ).id
                for number in range(count)
            ]

    def names(self, ids):
        """By what the plant knows these messages."""
        with self.transaction() as env:
            return env["mfg.message"].browse(ids).mapped("event_id")

    def push(self, seconds=30.0, limits=QUICK):
        """What the job does, on a cursor of its own."""
        with self.transaction() as env:
            push = env["mfg.push"]
            with push._alone() as alone:
                if alone:
                    push._push_all(seconds, 0.0, limits)
            return alone

    def states(self):
        with self.transaction() as env:
            env.cr.execute(
                "SELECT state, count(*) FROM mfg_message WHERE endpoint_id = %s"
                " GROUP BY 1",
                [self.ids[0]],
            )
            return dict(env.cr.fetchall())

    def breaker(self):
        with self.transaction() as env:
            return env["mfg.push.health"]._of(self.endpoint(env))[self.ids[0]].breaker
