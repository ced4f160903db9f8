# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from psycopg2.errors import SerializationFailure

from odoo import models
from odoo.tools import SQL

from odoo.addons.mfg_integration_base.models.mfg_drain_turns import Taken


class MrpProduction(models.Model):
    """Who takes of one stock takes turns: negative stock is a choice, no accident.

    Odoo gives way where two meet at a quant: the second does not wait for the first
    and writes a negative quant beside it, although both may have found the last piece.
    """

    _inherit = "mrp.production"

    def _mfg_take_turns(self, places):
        """Have stock to oneself until the commit.

        Against each other, postings stand in line for product and lot. Against Odoo's
        own transfers the quants are locked: of those that were changed since this
        transaction's first look the lock fails, too.

        :param places: (product, lot, location) each; what is held already costs nothing
        :raise Taken: another one is at it
        """
        memo = self.env.context.get("mfg_memo")
        held = set() if memo is None else memo.setdefault("turns", set())
        new = {place for place in places if place[0].is_storable} - held
        if not new:
            return
        turns = {f"stock:{product.id}:{lot.id or 0}" for product, lot, _place in new}
        try:
            self.env.cr.execute(self._mfg_sql_turns(turns, new), log_exceptions=False)
        except SerializationFailure as error:
            raise Taken(turns) from error
        [(mine, _quants)] = self.env.cr.fetchall()
        if not mine:
            raise Taken(turns)
        held |= new

    def _mfg_sql_turns(self, turns, places):
        """One statement: quants are locked where the turns could be had."""
        quants = [
            SQL(
                "(q.product_id = %s AND q.lot_id IS NOT DISTINCT FROM %s"
                " AND l.parent_path LIKE %s)",
                product.id,
                lot.id or None,
                f"{location.parent_path}%",
            )
            for product, lot, location in places
        ]
        return SQL(
            """
            WITH turn (mine) AS MATERIALIZED (%s), quants AS MATERIALIZED (
                SELECT q.id FROM turn, stock_quant q
                  JOIN stock_location l ON l.id = q.location_id
                 WHERE turn.mine AND q.owner_id IS NULL AND (%s)
                 ORDER BY q.id FOR NO KEY UPDATE OF q)
            SELECT mine, (SELECT count(*) FROM quants) FROM turn
            """,
            self.env["mfg.drain"]._sql_take(turns),
            SQL(" OR ").join(quants),
        )
