# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import BaseCase

from ..tools.throttle import Throttle
from ..tools.verified_keys import VerifiedKeys


class TestThrottle(BaseCase):
    def setUp(self):
        super().setUp()
        self.now = 1000.0
        self.throttle = Throttle(size=2, clock=lambda: self.now)

    def test_a_burst_of_a_minute_and_then_the_rate(self):
        waits = [self.throttle.wait("a", 3) for _event in range(4)]
        self.assertEqual(waits[:3], [0, 0, 0])
        self.assertAlmostEqual(waits[3], 20)
        self.now += 19
        self.assertAlmostEqual(self.throttle.wait("a", 3), 1)
        self.now += 1.01
        self.assertEqual(self.throttle.wait("a", 3), 0)
        self.assertGreater(self.throttle.wait("a", 3), 0)

    def test_refused_events_do_not_prolong_the_wait(self):
        for _event in range(100):
            self.throttle.wait("a", 1)
        self.assertAlmostEqual(self.throttle.wait("a", 1), 60)

    def test_a_heavy_batch_passes_and_is_paid_back(self):
        self.assertEqual(self.throttle.wait("a", 10, weight=30), 0)
        self.now += 60
        self.assertGreater(self.throttle.wait("a", 10), 0)
        self.now += 67
        self.assertEqual(self.throttle.wait("a", 10), 0)

    def test_names_are_apart_and_memory_is_bounded(self):
        self.throttle.wait("a", 1)
        self.assertEqual(self.throttle.wait("b", 1), 0)
        self.assertGreater(self.throttle.wait("a", 1), 0)
        for name in range(100):
            self.throttle.wait(name, 1)
        self.assertEqual(len(self.throttle._buckets), 2)


class TestVerifiedKeys(BaseCase):
    def setUp(self):
        super().setUp()
        self.calls = []
        self.keys = VerifiedKeys(self.verify, size=2)

    def verify(self, key, stored):
        self.calls.append(key)
        return stored == f"hash of {key}"

    def test_a_good_key_is_verified_once(self):
        for _request in range(3):
            self.assertTrue(self.keys.check("good", "hash of good"))
        self.assertEqual(self.calls, ["good"])

    def test_another_key_never_passes_on_a_remembered_hash(self):
        self.keys.check("good", "hash of good")
        self.assertFalse(self.keys.check("bad", "hash of good"))

    def test_a_bad_key_is_not_remembered(self):
        for _request in range(2):
            self.assertFalse(self.keys.check("bad", "hash of good"))
        self.assertTrue(self.keys.check("good", "hash of good"))

    def test_memory_is_bounded_and_holds_no_key(self):
        for name in "abcdef":
            self.keys.check(name, f"hash of {name}")
        self.assertEqual(len(self.keys._digests), 2)
        self.assertNotIn("f", self.keys._digests.values())
