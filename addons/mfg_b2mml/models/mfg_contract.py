# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from odoo.addons.mfg_integration_base.engine import routes

from .codes import NOT_SUPPORTED

XML = "application/xml"
TEXT_XML = "text/xml"
_REF = "#/components/schemas/"
_TEXT = {"type": "string"}
_PLACE = {
    "path": {**_TEXT, "description": "XPath in the document, without prefixes."},
    "line": {"type": "integer", "minimum": 0},
}
GET_ORDER = routes.Route(
    "GET",
    "/b2mml/joborders/{id}",
    "getB2mmlJoborder",
    "Read one released order as B2MML",
    description="In the format of the endpoint; where that is JSON, as "
    "OperationsSchedule of V7.0.1.",
    tag="Records",
    parameters=(
        routes.Parameter("id", "path", "The job order id.", _TEXT, required=True),
    ),
    answers=(routes.Answer(200, "The order as of now.", None, XML, tells_end=True),),
    problems=(
        "not-found",
        "unauthorized",
        "forbidden",
        "too-many-requests",
        "internal",
        "unavailable",
    ),
)
POST = routes.Route(
    "POST",
    "/b2mml",
    "postB2mml",
    "Send a B2MML document",
    description="ProductionPerformance (V0401), OperationsPerformance, "
    "WorkPerformance, JobResponseList and JobResponse (to V7.0.1) become events of the "
    "catalogue; all of them are stored in one transaction. A document sent again takes "
    "no second effect. Pointers of errors are XPaths. B2MML is used courtesy of MESA "
    "International.",
    parameters=(routes.DRY_RUN,),
    bodies=((XML, "B2mmlDocument"), (TEXT_XML, "B2mmlDocument")),
    answers=(
        routes.Answer(
            200, "A dry run: nothing was kept.", "B2mmlAnswer", tells_end=True
        ),
        routes.Answer(
            202, "Every event is stored or was before.", "B2mmlAnswer", tells_end=True
        ),
        routes.Answer(
            207, "Some events of it were refused.", "B2mmlAnswer", tells_end=True
        ),
    ),
    problems=(
        "bad-request",
        "conflict",
        "payload-too-large",
        "unsupported-media-type",
        "schema",
        NOT_SUPPORTED,
        "quantity-invalid",
        "time-invalid",
        "unauthorized",
        "forbidden",
        "too-many-requests",
        "internal",
        "unavailable",
    ),
)


def _object(properties, required=()):
    return {"type": "object", "properties": properties, "required": list(required)}


class MfgContract(models.AbstractModel):
    """The published contract says what this addon serves."""

    _inherit = "mfg.contract"

    @api.model
    def _routes(self):
        return (*super()._routes(), POST, GET_ORDER)

    @api.model
    def _components(self):
        result = {"allOf": [{"$ref": f"{_REF}EventAnswer"}, _object(_PLACE, _PLACE)]}
        ignored = _object({**_PLACE, "reason": _TEXT}, ["path", "line", "reason"])
        known = {"id": _TEXT, "root": _TEXT, "version": {"type": ["string", "null"]}}
        return {
            **super()._components(),
            "B2mmlDocument": {"type": "string", "description": "A B2MML document."},
            "B2mmlAnswer": _object(
                {
                    "document": _object(known, known),
                    "results": {"type": "array", "items": result},
                    "ignored": {"type": "array", "items": ignored},
                },
                ["document", "results", "ignored"],
            ),
            "EventAsXml": {
                "allOf": [
                    {"$ref": f"{_REF}Envelope"},
                    _object({"datacontenttype": {"const": XML}, "data": _TEXT}),
                ]
            },
            "EventDelivered": {
                "anyOf": [{"$ref": f"{_REF}EventOut"}, {"$ref": f"{_REF}EventAsXml"}]
            },
        }
