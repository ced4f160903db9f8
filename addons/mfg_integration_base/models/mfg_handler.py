# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models, tools

from ..engine import ordering
from ..engine.failure import Failure
from ..tools.translation import translated


class MfgHandler(models.AbstractModel):
    """What one message type means in Odoo; adding a type is adding a handler.

    A handler runs as the endpoint's service user in the endpoint's company. It
    raises :class:`~..engine.failure.Failure` to refuse; everything it did is then
    undone. It never writes a state and never commits.
    """

    _name = "mfg.handler"
    _description = "Plant Message Handler"

    _mfg_type = None  # the CloudEvents type, such as mfg.production.reported.v1
    _mfg_direction = "in"  # seen from Odoo: "in", "out" or "both"
    _mfg_lane = "standard"
    _mfg_order_policy = "hold"  # what a parked message does to later ones of its key
    _mfg_title = None  # as a planner calls it
    _mfg_policies = ()  # fields of its interface that it obeys; the form shows these
    _mfg_withheld = {}  # of these, by field, the values that mean nothing to it
    _mfg_chosen = True  # whether a new plant is connected for it unless unticked

    @api.model
    @tools.ormcache()
    def _registry(self):
        """Message type -> name of the model that handles it."""
        handlers = (
            model
            for name, model in self.env.registry.models.items()
            if name.startswith("mfg.handler.")
        )
        return {model._mfg_type: model._name for model in handlers if model._mfg_type}

    @api.model
    def _for_type(self, event_type):
        return self.env[self._registry()[event_type]]

    @api.model
    def _directions(self):
        """The ways this type goes, the first one first."""
        both = ("in", "out")
        return both if self._mfg_direction == "both" else (self._mfg_direction,)

    @api.model
    def _ways(self):
        """All there is to connect a plant for: (type, direction), sorted."""
        return sorted(
            (event_type, direction)
            for event_type, name in self._registry().items()
            for direction in self.env[name]._directions()
        )

    def _check(self, message):
        """Business rules on the payload alone; raise Failure to refuse."""

    def _resolve(self, message):
        """The facts of the message as Odoo records; raise Failure on an unknown."""
        return None

    def _post(self, messages):
        """Post a run: consecutive messages of one key and type, all or nothing."""
        for joined in ordering.together(messages, self._joins):
            facts = []
            for message in joined:
                self._check(message)
                facts.append(self._resolve(message))
            self._post_traced(joined, facts)

    def _post_traced(self, messages, facts):
        """Post what was joined; a hook to note what a later reversal must know."""
        self._post_joined(messages, facts)

    def _joins(self, message):
        """What is approved is approved of one message: it is posted on its own."""
        return None if message.approved else self._join_key(message)

    def _join_key(self, message):
        """Messages of a run with the same key may be one posting; None: on its own."""
        return None

    def _post_joined(self, messages, facts):
        """The business effect of messages with one join key, as one posting.

        Each message keeps its own share and links, so that it can be reversed alone.
        """
        for message, its_facts in zip(messages, facts, strict=True):
            self._post_one(message, its_facts)

    def _post_one(self, message, facts):
        """The business effect of one message, where they are never joined."""
        raise NotImplementedError

    def _reverse(self, original, reversal):
        """Take back exactly what a posted message did, as if it had never come.

        :param original: a message of this handler's type
        :param reversal: the message that asks for it; it gets the links
        :raise Failure: not-reversible when later facts build on the original, and by
            default; period-closed
        """
        detail = self.env._(
            "“%(title)s” cannot be taken back by an event.",
            title=translated(self.env, self._mfg_title),
        )
        raise Failure("not-reversible", detail)

    def _explain(self, message):
        """What posting would do: post, describe, undo.

        Asking the real posting is the only answer that cannot drift from it.
        """
        savepoint = self.env.cr.savepoint()
        try:
            self._post(message)
            self.env.flush_all()
            return self._effects(message)
        finally:
            savepoint.close(rollback=True)

    def _effects(self, message):
        """What a message made or changed, as the contract shows it."""
        links = message.sudo().link_ids  # sudo: of its own message, names only
        return [
            {**record, "role": link.role}
            for link, record in zip(links, links._records(), strict=True)
        ]
