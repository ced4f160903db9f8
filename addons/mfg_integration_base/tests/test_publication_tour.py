# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .test_publication_trouble import TroubleCase


@tagged("post_install", "-at_install")
class TestPublicationTour(HttpCase, TroubleCase):
    """What a manager sees of what plants are told, in the browser."""

    def test_published_and_not_published(self):
        manager = new_test_user(
            self.env,
            "published-manager",
            "base.group_user,stock.group_stock_manager,"
            "mfg_integration_base.group_mfg_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        ended = self.make_product("P-ENDED")
        self.spoil(self.hall)
        self.publish_badly()
        ended.action_archive()
        self.publish()
        self.env.flush_all()
        before = self.trouble().retry_at
        self.start_tour(
            "/odoo/plant-published", "mfg_published_records", login=manager.login
        )
        self.env.invalidate_all()
        self.assertLess(self.trouble().retry_at, before)
