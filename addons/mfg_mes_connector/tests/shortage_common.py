# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from .common import SCRAPPED, MesCase


class Shortages:
    """Plants whose stock in Odoo is short."""

    def policy(self, policy):
        interfaces = self.endpoint.interface_ids
        if policy == "wait":  # scrap waits as a whole
            interfaces -= self.interface(SCRAPPED)
        interfaces.shortage = policy

    def committed(self):
        """What happens after a commit, and what the drain then does."""
        self.env.flush_all()
        self.env.cr.postcommit.run()
        self.env.invalidate_all()
        self.drain()
        self.env.invalidate_all()


class ShortageCase(Shortages, MesCase):
    """An order for 10 tables, and 3 of the boards it needs."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        self.lay_in(self.board, -97)
        self.order = self.make_order()
        self.env.cr.postcommit.clear()

    def receive(self, product, quantity, location=None, lot=None):
        self.lay_in(product, quantity, location=location, lot=lot)
        self.committed()

    def used(self, product, order=None):
        moves = (order or self.order).move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state == "done"
        )
        return round(sum(moves.mapped("quantity")), 6)

    def goods(self, order=None):
        done = (order or self.order).move_finished_ids.filtered(
            lambda m: m.state == "done"
        )
        return done.move_line_ids.sorted("id")

    def waiting(self, message):
        return message.rest_ids.filtered(lambda m: m.state == "parked")
