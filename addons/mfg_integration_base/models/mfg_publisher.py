# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import time

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

PUBLISH_SECONDS = 30.0  # one job's share; what is left is another job's
MARKS_PER_STEP = 1000
RECORDS_PER_STEP = 500
CATCH_UP_TRIES = 50  # of a reader to have the turn: a second


class MfgPublisher(models.AbstractModel):
    """Turns what may have changed into versions and positions, one at a time.

    Only whoever has the turn gives positions, and commits before it passes the turn
    on: positions become visible in their order, so that a reader behind a position
    has missed none before it, whatever long transactions are still on their way.
    Their marks become visible with them and get later positions.
    """

    _name = "mfg.publisher"
    _inherit = "mfg.worker"
    _description = "Publisher of Master Data"

    @api.model
    def _publish(self):
        """Job: everything that is to be done, for a while."""
        with self.env.registry.cursor() as cr:
            publisher = api.Environment(cr, SUPERUSER_ID, {})["mfg.publisher"]
            if not publisher._work(time.monotonic() + PUBLISH_SECONDS):
                publisher._wake("again")

    @api.model
    def _work(self, deadline):
        """Work until nothing is left; False when the time was up before.

        Whoever finds the turn taken leaves its work to that publisher, which looks
        again after it passed the turn on.
        """
        while self._is_due():
            with self._turn() as mine:
                done = mine and self._work_off(self._step, deadline)
            if not (mine and done):
                return not mine
        return True

    @api.model
    def _catch_up(self, kinds, deadline):
        """Give versions to what was marked of some kinds, for whoever reads now.

        A job that found the turn taken meanwhile left its work: another one is woken.
        Others who read have it for a moment only, and are waited for.
        """
        with self._turn(CATCH_UP_TRIES) as mine:
            if mine:
                self._work_off(lambda: self._step_versions(kinds), deadline)
        self._wake_if_due("wake")
        self._checkpoint()

    def _work_off(self, step, deadline):
        """Take steps, each a transaction, while there are any and the time lasts."""
        while time.monotonic() < deadline:
            worked = step()
            self._checkpoint()
            if not worked:
                return True
        return False

    def _step(self):
        """One transaction's worth of work; whether there was any.

        Who is told within seconds waits for no comparison. Who asked, or is told every
        night, hears what the comparisons find, and so comes behind them.
        """
        return (
            self._step_again()
            or self._step_marks()
            or self._step_tell_at_once()
            or self._step_scan()
            or self._step_tell()
        )

    def _step_versions(self, kinds=None):
        """What changed comes before the full comparisons, which may take long."""
        return self._step_marks(kinds) or self._step_scan(kinds)

    def _is_due(self):
        self._checkpoint()
        return bool(
            self.env["mfg.publication.mark"]._oldest(1)[1]
            or self.env["mfg.publication.scan"]._next()
            or self.env["mfg.publication.trouble"]._due(1)
            or self._next_told()
        )

    def _turn(self, tries=1):
        """Be the one who gives positions; yields whether that could be had."""
        return self._held_alone("mfg.publisher", tries=tries)

    # -- versions ----------------------------------------------------------------------

    def _step_marks(self, kinds=None):
        """Settle what was marked; marks of a kind nobody wants any more just go."""
        by_kind, ids = self.env["mfg.publication.mark"]._oldest(MARKS_PER_STEP, kinds)
        wanted = self.env["mfg.master"]._wanted()
        for kind, marks in by_kind.items():
            for company_id in wanted.get(kind, ()):
                company = self.env["res.company"].browse(company_id)
                self._settle_apart(kind, company, marks)
        self.env["mfg.publication.mark"]._take_away(ids)
        return bool(ids)

    def _step_scan(self, kinds=None):
        """The next records of a full comparison."""
        scan = self.env["mfg.publication.scan"]._next(kinds)
        if not scan:
            return False
        kind, company_id, after_id = scan
        company = self.env["res.company"].browse(company_id)
        ids = self._scanned_apart(kind, company, after_id)
        if ids is None:
            return True
        now = fields.Datetime.now()
        self._settle_apart(kind, company, dict.fromkeys(ids, (False, now)))
        done = len(ids) < RECORDS_PER_STEP
        last = ids[-1] if ids else after_id
        self.env["mfg.publication.scan"]._went(kind, company, last, done)
        return True

    def _scanned(self, kind, company, after_id):
        """The next ids of what concerns plants or was published once."""
        self.env.flush_all()
        query = (
            self.env["mfg.master"]
            ._of_kind(kind)
            ._all(company, after_id, RECORDS_PER_STEP)
        )
        return [
            id_
            for (id_,) in self.env.execute_query(
                SQL(
                    """
                    (%s) UNION
                    (SELECT res_id FROM mfg_publication
                     WHERE company_id = %s AND kind = %s AND res_id > %s
                     ORDER BY res_id LIMIT %s)
                    ORDER BY 1 LIMIT %s
                    """,
                    query.subselect(),
                    company.id,
                    kind,
                    after_id,
                    RECORDS_PER_STEP,
                    RECORDS_PER_STEP,
                )
            )
        ]

    def _settle(self, kind, company, marks):
        """Give a version and a position to every record that is not as it was.

        :param marks: record id -> (forced, when it was changed)
        """
        master = self.env["mfg.master"]._of_kind(kind)
        marks = master._grouped(company, marks)
        states, rows = master._states(company, list(marks)), []
        before = self._before(kind, company, list(marks))
        for id_, (forced, moment) in marks.items():
            row = self._changed(before.get(id_), states.get(id_), forced)
            if row:
                rows.append({"res_id": id_, "changed_at": moment, **row})
        rows.sort(key=lambda row: not row["deleted"])  # its code may be another's now
        position = self.env["mfg.publication"]._last_position()
        for number, row in enumerate(rows, position + 1):
            common = {"company_id": company.id, "kind": kind, "position": number}
            row |= {**common, "res_model": master._mfg_model}
        self.env["mfg.publication"]._write_rows(rows)
        self._mark_dependents(master, rows, before)

    def _before(self, kind, company, ids):
        rows = self.env.execute_query(
            SQL(
                "SELECT res_id, version, deleted, fingerprint, name"
                " FROM mfg_publication WHERE company_id = %s AND kind = %s"
                " AND res_id = ANY(%s)",
                company.id,
                kind,
                ids,
            )
        )
        return {res_id: row for res_id, *row in rows}

    def _changed(self, before, state, forced):
        """The new row of a record, or None when plants need not know of it."""
        version, deleted, fingerprint, _name = before or (0, True, None, None)
        if state is None:
            name, new = None, None
            same = deleted
        else:
            name, new = state
            same = not (deleted or forced) and new is not None and new == fingerprint
        if same:
            return None
        ended = state is None
        values = {"name": name, "version": version + 1, "deleted": ended}
        return {**values, "fingerprint": new}

    def _mark_dependents(self, master, rows, before):
        changed = [row["res_id"] for row in rows]
        renamed = {
            row["res_id"]: before.get(row["res_id"], [None])[-1]
            for row in rows
            if row["deleted"] or row["name"] != before.get(row["res_id"], [None])[-1]
        }
        if changed:
            wanted = self.env["mfg.master"]._wanted()
            marks = [
                (kind, id_, False)
                for kind, ids in master._dependents(changed, renamed)
                for id_ in ids
                if kind in wanted
            ]
            self.env["mfg.publication.mark"]._insert_marks(marks)
