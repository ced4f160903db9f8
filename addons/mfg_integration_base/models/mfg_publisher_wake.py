# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from .after_commit import after_commit

CHANNEL = "root.mfg_later"
PRIORITY = 5  # before what is posted later: it is short, and plants plan by it


class MfgPublisherWake(models.AbstractModel):
    """Waking the publisher: after commits, by people, by the sweeper, every night."""

    _inherit = "mfg.publisher"

    @api.model
    def _wake_for(self, _kinds):
        """After a commit, when something changed that a plant wants to know at once."""
        self._wake()

    @api.model
    def _wake_after_commit(self):
        after_commit(self.env["mfg.publisher"], "_wake_for", {"asked": None})

    @api.model
    def _wake(self, cause="wake"):
        """One job, unless one is about to start already."""
        publisher = self._delayed_once(
            f"mfg-publish-{cause}",
            channel=CHANNEL,
            priority=PRIORITY,
            description="Plant master data",
        )
        if publisher:
            publisher._publish()

    @api.model
    def _wake_if_due(self, cause="sweep"):
        """Make good for a wake-up that was lost with its server, or came in vain."""
        if self._is_marked() or self._is_begun() or self._next_told():
            self._wake(cause)

    def _is_marked(self):
        """Whether something changed that a plant wants to know at once."""
        kinds = self.env["mfg.master"]._at_once()
        return bool(kinds and self.env["mfg.publication.mark"]._oldest(1, kinds)[1])

    def _is_begun(self):
        """Whether a comparison was begun and not ended."""
        return bool(self.env["mfg.publication.scan"]._next())

    @api.model
    def _nightly(self):
        """Cron: compare everything, and tell those who are told every night."""
        master = self.env["mfg.master"]
        wanted = master._wanted()
        pairs = [(kind, id_) for kind, ids in wanted.items() for id_ in ids]
        self.env["mfg.publication.scan"]._begin(pairs)
        nightly = self.env["mfg.interface"].union(*map(master._interfaces, wanted))
        nightly = nightly.filtered(lambda i: i.publish == "nightly" and i.master_kind)
        self.env["mfg.publication.feed"]._ask(nightly)
        self._wake("nightly")
