# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging

from odoo import models

_logger = logging.getLogger(__name__)
AGAIN_PER_STEP = 100


class MfgPublisherTrouble(models.AbstractModel):
    """What cannot be published stands aside and holds up nothing else."""

    _inherit = "mfg.publisher"

    def _apart(self, items, step):
        """Take a step for all items, or for as many as can be.

        By halves, so that one bad among a thousand costs a few tries, not a thousand.
        A collision with others, or a lost database, is no item's fault: it is raised.

        :return: (item, error text) of those it cannot be taken for
        """
        if not items:
            return []
        try:
            with self.env.cr.savepoint():
                step(items)
                self.env.flush_all()
            return []
        except Exception as error:
            if self.env["mfg.drain"]._is_race(error) or self.env.cr._cnx.closed:
                raise
            if len(items) == 1:
                text = f"{type(error).__name__}: {error}"
                _logger.warning("%s could not be published: %s", items[0], text)
                _logger.debug("Where it failed", exc_info=True)
                return [(items[0], text)]
        half = len(items) // 2
        return self._apart(items[:half], step) + self._apart(items[half:], step)

    def _settle_apart(self, kind, company, marks):
        """Settle what can be settled; the rest stands aside with its error."""
        failed = self._apart(
            list(marks.items()),
            lambda part: self._settle(kind, company, dict(part)),
        )
        aside = [(id_, forced, error) for (id_, (forced, _at)), error in failed]
        troubles = self.env["mfg.publication.trouble"]
        troubles._over(company, kind, marks.keys() - {id_ for id_, *_rest in aside})
        troubles._keep(company, kind, aside)

    def _scanned_apart(self, kind, company, after_id):
        """The next ids of a comparison; None: it ends here, until the next night."""
        ids = []
        failed = self._apart(
            [f"mfg.master.{kind}"],
            lambda _part: ids.extend(self._scanned(kind, company, after_id)),
        )
        if failed:
            self.env["mfg.publication.scan"]._stop(kind, company)
            return None
        return ids

    def _tell_apart(self, interface, kind, rows):
        """Tell a plant of all that it can be told of."""
        failed = self._apart(rows, lambda part: self._tell(interface, kind, part))
        aside = [(row["res_id"], False, error) for row, error in failed]
        told = {row["res_id"] for row in rows} - {id_ for id_, *_rest in aside}
        troubles = self.env["mfg.publication.trouble"]
        troubles._over(interface.company_id, kind, told, interface)
        troubles._keep(interface.company_id, kind, aside, interface)

    def _is_wanted(self, company, kind, interface):
        """Whether that plant, or any, is still to be told."""
        master = self.env["mfg.master"]
        if company.id not in master._wanted().get(kind, ()):
            return False
        return interface in master._interfaces(kind) if interface else True

    def _step_again(self):
        """Try once more what stands aside, at its hour."""
        due = self.env["mfg.publication.trouble"]._due(AGAIN_PER_STEP)
        for (company, kind, interface), rows in due.grouped(
            lambda row: (row.company_id, row.kind, row.interface_id)
        ).items():
            if not self._is_wanted(company, kind, interface):
                rows.unlink()
            elif interface:
                ids = rows.mapped("res_id")
                now = self.env["mfg.publication"]._latest(company, kind, ids)
                self._tell_apart(interface, kind, now)
            else:
                marks = {row.res_id: (row.forced, row.failed_at) for row in rows}
                self._settle_apart(kind, company, marks)
        return bool(due)
