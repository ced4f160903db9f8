# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import HttpCase, tagged

from .master_common import LOCATION
from .test_proposal import ProposalCase


@tagged("post_install", "-at_install")
class TestProposalTour(HttpCase, ProposalCase):
    """What a person does with proposals in the browser."""

    def test_accept(self):
        self.gasket(tracking="lot")
        self.start_tour(
            "/odoo/plant-proposals", "mfg_accept_proposal", login=self.planner.login
        )
        self.env.invalidate_all()
        self.assertEqual(self.proposals().state, "accepted")
        self.assertEqual(self.product().name, "Gasket 8 mm")

    def test_refuse_many(self):
        self.gasket()
        self.say(LOCATION, "SHELF-1", 1, name="Shelf 1")
        self.start_tour(
            "/odoo/plant-proposals", "mfg_refuse_proposals", login=self.planner.login
        )
        self.env.invalidate_all()
        self.assertEqual(set(self.proposals().mapped("state")), {"refused"})
        self.assertEqual(set(self.proposals().mapped("reason")), {"We have both"})
