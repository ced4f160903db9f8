# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import tagged

from .stateful_flows import FLOWS
from .stateful_machine import BusyMachine, PlantMachine, profile
from .stateful_stories import ALSO_SET_ASIDE, STORIES
from .stateful_world import StatefulCase


@tagged("post_install", "-at_install")
class TestStateful(StatefulCase):
    """Any story of a plant is in Odoo what the integrator's guide says it means."""

    def run_stories(self, method, tracked, staged):
        self.make_products(method, tracked)

        def machine():
            return BusyMachine(self, tracked, method != "standard", staged)

        run_state_machine_as_test(machine, settings=profile)

    def test_known_stories(self):
        self.make_products("average", tracked=False)
        for name, story in {**STORIES, **FLOWS}.items():
            with self.subTest(name):
                PlantMachine(self).tell_story(story)
        for name in ALSO_SET_ASIDE:
            with self.subTest(name, staged=True):
                PlantMachine(self, staged=True).tell_story(STORIES[name])

    def test_pieces(self):
        self.run_stories("standard", tracked=False, staged=False)

    def test_lots_at_average_cost(self):
        self.run_stories("average", tracked=True, staged=False)

    def test_set_aside_at_average_cost(self):
        self.run_stories("average", tracked=False, staged=True)
