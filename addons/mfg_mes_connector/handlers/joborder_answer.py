# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass

from odoo import models

from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mrp_production import ACKNOWLEDGED, OPEN_STATES, REFUSED, RELEASED

_lt = marker(__name__)

ALL_STATES = (*OPEN_STATES, "done", "cancel")


@dataclass
class Facts:
    order: object
    version: object
    answer: object


class MfgHandlerJoborderAnswer(models.AbstractModel):
    """What a plant says to a version of a job order.

    Answers do not depend on each other: each is about the version it names, and of two
    about one version the later one counts, in whatever order they come.
    """

    _name = "mfg.handler.joborder.answer"
    _inherit = "mfg.handler.order"
    _description = "Answer to a Job Order"
    _mfg_order_policy = "continue"
    _mfg_answer = None

    def _resolve(self, message):
        order = self._job_order(message, ALL_STATES)
        number = message._event_data()["version"]
        versions = self.env["mfg.joborder.version"]._of(order)
        version = versions.filtered(lambda v: v.number == number)
        answer = version._answer_of(message.endpoint_id)
        if not answer and number == order.mfg_version:
            version, answer = self._present(order, message.endpoint_id)
            versions = self.env["mfg.joborder.version"]._of(order)
        if not answer:
            raise self._unknown_version(order, number)
        self._check_stale(versions, version, answer, message)
        return Facts(order, version, answer)

    def _present(self, order, endpoint):
        """The present version, and the answer of a plant that read it by itself: it was
        connected, or began to answer, after the order was released."""
        takers = order._mfg_takers(RELEASED)
        if endpoint.id not in {taker.endpoint_id for taker in takers}:
            return None, None
        version = order._mfg_present_version()
        version._expect(endpoint)
        return version, version._answer_of(endpoint)

    def _check_stale(self, versions, version, answer, message):
        """:raise Failure: version-stale"""

    def _post_one(self, message, facts):
        data, time = message._event_data(), self._time(message)
        given = (data.get("code"), data.get("detail"))
        if facts.answer._give(self._mfg_answer, time, *given):
            facts.order._mfg_hear(facts.version, message.endpoint_id, self._mfg_answer)
        message._link(facts.order, "changed")


class MfgHandlerJoborderAcknowledged(models.AbstractModel):
    """The plant works by this version from now on."""

    _name = "mfg.handler.joborder.acknowledged"
    _inherit = "mfg.handler.joborder.answer"
    _description = "Job Order Acknowledged"
    _mfg_type = ACKNOWLEDGED
    _mfg_title = _lt("Job order acknowledged")
    _mfg_answer = "accepted"


class MfgHandlerJoborderRefused(models.AbstractModel):
    """The plant does not work by this version; it goes on with the one it accepted."""

    _name = "mfg.handler.joborder.refused"
    _inherit = "mfg.handler.joborder.answer"
    _description = "Job Order Refused"
    _mfg_type = REFUSED
    _mfg_title = _lt("Job order refused")
    _mfg_answer = "refused"

    def _check_stale(self, versions, version, answer, message):
        """What the plant accepted it cannot refuse once there is a newer version."""
        newest = versions[0]
        if answer.state == "accepted" and version != newest:
            detail = self.env._(
                "The plant had accepted version %(number)s; there is version "
                "%(newest)s since.",
                number=version.number,
                newest=newest.number,
            )
            raise self._refusal("version-stale", detail, "/data/version")
