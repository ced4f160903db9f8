# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What is committed while a sending job waits or ends: no message is left behind."""

import threading
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from ..models import mfg_push
from ..tools.push_crew import Crew
from .push_race_common import PushRaceCase

NEVER = 60.0  # no look at what is due because of the time


@tagged("post_install", "-at_install")
class TestPushWaking(PushRaceCase):
    def job(self):
        """The whole job, as it is on a worker."""
        with self.transaction() as env:
            env["mfg.push"]._push()

    @contextmanager
    def lingering(self, seconds):
        with (
            patch.object(mfg_push, "LINGER_SECONDS", seconds),
            patch.object(mfg_push, "LOOK_SECONDS", NEVER),
        ):
            yield

    def wait(self, condition):
        until = time.monotonic() + 3
        while not condition():
            self.assertLess(time.monotonic(), until, "it does not come")
            time.sleep(0.01)

    def test_a_job_that_waits_hears_of_what_is_committed(self):
        """At once, without a job of its own and without asking again and again."""
        ids, looks, push = [], [], type(self.env["mfg.push"])
        due = push._due

        def look(*args):
            looks.append(time.monotonic())
            return due(*args)

        with self.lingering(5), patch.object(push, "_due", look):
            job = threading.Thread(target=self.job, daemon=True)
            job.start()
            self.wait(lambda: looks)
            self.woken.clear()
            for number in range(10):
                time.sleep(0.1)  # it waits
                ids += self.emit(subject=f"order-{number}")
                self.wait(lambda: len(self.receiver.ids) > number)  # noqa: B023
            self.wait(lambda: self.states() == {"acknowledged": 10})
            time.sleep(0.3)
            count = len(looks)
            time.sleep(1)
            self.assertEqual(len(looks), count)  # nothing happens: nobody asks
            job.join(10)
        self.assertFalse(job.is_alive())
        self.assertEqual(self.receiver.ids, self.names(ids))
        self.assertLessEqual(len(looks), 2 + 3 * 10)
        self.assertEqual(self.woken, [])

    def while_it_ends(self, where, method):
        """A message is committed just before a step of the job that ends; its id."""
        late, step = [], getattr(where, method)

        def before(*args):
            if not late:
                late.extend(self.emit(subject=f"late-{method}"))
            return step(*args)

        known = len(self.receiver.ids)
        with self.lingering(0.1), patch.object(where, method, before):
            self.emit(subject=f"first-{method}")
            self.woken.clear()
            self.job()
        self.assertEqual(len(self.receiver.ids), known + 1)  # the other is too late
        return late[0]

    def test_committed_while_the_job_is_about_to_end(self):
        """Another job is made, by whoever commits or by the one that ends; neither the
        sweeper nor a later message is needed."""
        push = type(self.env["mfg.push"])
        for where, method, cause in (
            (Crew, "close", ("again",)),  # it has looked for the last time
            (push, "_unlock", ("again",)),  # nor does it listen any more
            (push, "_wake_when_due", ()),  # it has let go of the lock
        ):
            with self.subTest(before=method):
                id_ = self.while_it_ends(where, method)
                self.assertIn(cause, self.woken)
                with self.lingering(0.1):
                    self.job()  # which was woken
                self.assertEqual(self.receiver.ids[-1:], self.names([id_]))
                self.assertEqual(set(self.states()), {"acknowledged"})

    def test_what_a_job_has_listened_to_nobody_hears_after_it(self):
        """Its connection goes back to the pool as it came."""
        with self.lingering(0.1):
            self.job()
        with self.transaction() as env:
            env.cr.execute("SELECT pg_listening_channels()")
            self.assertEqual(env.cr.fetchall(), [])
