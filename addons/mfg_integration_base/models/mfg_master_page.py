# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging
import time

import psycopg2

from odoo import api, models

from ..engine.cursor import Cursor

_logger = logging.getLogger(__name__)

CATCH_UP_SECONDS = 10.0


class MfgMasterPage(models.AbstractModel):
    """Reading a kind page by page: everything first, then what changed."""

    _inherit = "mfg.master"

    @api.model
    def _page(self, endpoint, cursor, limit, deleted=False, **filters):
        """The items behind a cursor, the cursor behind them, whether there are more.

        :param cursor: :class:`~..engine.cursor.Cursor`; None: from the beginning, and
            then without what had ended before, unless `deleted`
        :param filters: the kind's own, see :meth:`_sql_where`
        """
        publications = self.env["mfg.publication"].sudo()  # sudo: see _records
        if cursor is None:
            since = 0 if deleted else publications._last_position()
            cursor = Cursor(self._mfg_kind, 0, since)
        rows = publications._after(
            endpoint.company_id,
            self._mfg_kind,
            cursor.position,
            cursor.since,
            limit + 1,
            self._sql_where(endpoint, **filters),
        )
        page = rows[:limit]
        if page:
            cursor = cursor.at(page[-1]["position"])
        items = self._readable_items(endpoint, page)
        return items, cursor, len(rows) > limit

    @api.model
    def _one(self, endpoint, **filters):
        """The one item that filters leave; None when there is none, or it ended."""
        rows = (
            self.env["mfg.publication"]
            .sudo()  # sudo: see _records
            ._after(
                endpoint.company_id,
                self._mfg_kind,
                0,
                self.env["mfg.publication"].sudo()._last_position(),
                1,
                self._sql_where(endpoint, **filters),
            )
        )
        items = self._readable_items(endpoint, rows)
        return items[0] if items else None

    def _readable_items(self, endpoint, rows):
        """The items of a page but for those that cannot be told: they stand aside, and
        come again with a new version when they can."""
        items, company = [], endpoint.company_id
        try:
            return self._items(company, endpoint, rows)
        except psycopg2.Error:
            raise
        except Exception:
            _logger.debug("A page with a record that cannot be told", exc_info=True)
        failed = self.env["mfg.publisher"]._apart(
            rows, lambda part: items.extend(self._items(company, endpoint, part))
        )
        # sudo: see _records
        self.env["mfg.publication.trouble"].sudo()._keep(
            company,
            self._mfg_kind,
            [(row["res_id"], True, error) for row, error in failed],
        )
        return items

    @api.model
    def _items(self, company, endpoint, rows):
        """What is told of published records: their data, or that they are gone.

        The data is of now, the version of when it was published: never older, and a
        change that has no version yet comes again under it. One that just ended is
        left out: its end comes later in the row.
        """
        alive = [row["res_id"] for row in rows if not row["deleted"]]
        documents = self._documents(company, endpoint, alive) if alive else {}
        return [
            self._item(row, documents.get(row["res_id"]))
            for row in rows
            if row["deleted"] or row["res_id"] in documents
        ]

    def _item(self, row, document):
        if row["deleted"]:
            return {**self._identity(row), "deleted": True}
        return {**self._identity(row), "fields": document}

    @api.model
    def _proof_for(self, endpoint):
        """What a plant can hold its own copy against; see `mfg.publication._proof`."""
        return (
            self.env["mfg.publication"]
            .sudo()  # sudo: see _records
            ._proof(
                endpoint.company_id,
                self._mfg_kind,
                self._sql_identity(),
                self._sql_where(endpoint),
            )
        )

    @api.model
    def _catch_up(self, company):
        """Publish what was marked until now, for whoever asks; commits.

        :return: whether the kind was looked at as a whole, so that it can be read
        """
        publisher = self.env["mfg.publisher"].sudo()  # sudo: see _records
        scans = self.env["mfg.publication.scan"].sudo()
        if not scans._is_ready(self._mfg_kind, company):
            if not scans._next([self._mfg_kind]):
                scans._begin([(self._mfg_kind, company.id)])
        deadline = time.monotonic() + CATCH_UP_SECONDS
        publisher._catch_up([self._mfg_kind, *self._mfg_names], deadline)
        return scans._is_ready(self._mfg_kind, company)
