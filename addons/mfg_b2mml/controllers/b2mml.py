# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.http import Controller, request

from odoo.addons.mfg_integration_base.controllers import (
    body,
    joborders,
    problem,
    waiting,
)
from odoo.addons.mfg_integration_base.controllers.room import (
    flag_parameter,
    plant_route,
)
from odoo.addons.mfg_mes_connector.models.mrp_production import RELEASED

from ..b2mml.door import Limits
from ..models.mfg_contract import TEXT_XML, XML

GOOD = ("accepted", "duplicate")


class B2mmlController(Controller):
    """B2MML in: a document becomes events, stored and acknowledged in one commit."""

    @plant_route("/b2mml", ["POST"])
    def post_b2mml(self, **_query):
        """Take a document; what is refused is kept as well, so nothing is raised."""
        charset = _charset()
        raw = body.read(Limits.size)
        inbox, endpoint = request.env["mfg.b2mml.inbox"], request.mfg_endpoint
        _check_rate(0)  # for whose minute is used up nothing is read
        found = inbox.read_document(endpoint, raw, charset)
        _check_rate(len(getattr(found, "facts", ())) or 1)
        ending = _ending(inbox.types(endpoint, found))
        if flag_parameter("dryRun"):
            failure, answer = inbox.rehearse(endpoint, found)
            return _answer(failure, answer, 200, ending)
        failure, answer = waiting.again_at_once(
            request.env, lambda: inbox.accept(endpoint, raw, charset, found)
        )
        results = answer.get("results", ())
        good = all(result["status"] in GOOD for result in results)
        return _answer(failure, answer, 202 if good else 207, ending)

    @plant_route("/b2mml/joborders/<path:job_order_id>", ["GET"])
    def get_b2mml_joborder(self, job_order_id, **_query):
        """A released order as it stands, in the format of the endpoint."""
        item = joborders.as_it_stands(job_order_id)
        if item.get("deleted"):
            raise problem.refuse("not-found", joborders.NOTHING)
        outbox = request.env["mfg.outbox"]
        text = outbox._b2mml_order(request.mfg_endpoint, item)
        return problem.answer(
            text, headers=_ending([RELEASED]), content_type=f"{XML}; charset=utf-8"
        )


def _answer(failure, answer, status, headers):
    if failure:
        return problem.problem(failure, answer, headers)
    return problem.json_answer(answer, status, headers)


def _charset():
    """The encoding that the content type names, if it names one."""
    media_type = request.httprequest.mimetype
    if media_type not in (XML, TEXT_XML):
        detail = f"Content type {media_type or 'none'} is not supported."
        headers = [("Accept-Post", f"{XML}, {TEXT_XML}")]
        raise problem.refuse("unsupported-media-type", detail, headers=headers)
    return request.httprequest.mimetype_params.get("charset")


def _ending(types):
    return request.env["mfg.contract"]._ending_headers(types)


def _check_rate(number):
    wait = request.env["ir.http"]._mfg_rate_wait(request.mfg_endpoint, number)
    if wait:
        raise problem.slow_down("The endpoint's events per minute are used up.", wait)
