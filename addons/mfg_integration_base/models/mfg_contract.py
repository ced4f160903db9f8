# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import hashlib
import json
from pathlib import Path

from odoo import api, models, tools
from odoo.modules.module import Manifest

from ..engine import asyncapi, catalogue, docs_page, openapi, versions
from ..engine.routes import PREFIX
from ..engine.schemas import SchemaStore


class MfgContract(models.AbstractModel):
    """The published contract: schemas, OpenAPI, AsyncAPI and docs, all from one source.

    The source is what decides at the door too: the schema files of the installed
    addons, the handlers, the catalogue of codes. Built once per registry.
    """

    _name = "mfg.contract"
    _description = "Plant Integration Contract"

    @api.model
    @tools.ormcache(cache="stable")
    def _store(self):
        """The schemas of all installed addons (their folders `schemas/`)."""
        addons = map(Manifest.for_addon, sorted(self.env.registry._init_modules))
        folders = [Path(addon.path) / "schemas" for addon in addons if addon]
        return SchemaStore([folder for folder in folders if folder.is_dir()])

    @api.model
    def _errors(self, event_type, data):
        """What is wrong with an event's data: FieldErrors with /data/… pointers."""
        return self._store().errors(event_type, data)

    @api.model
    def _types(self):
        """Type -> "in", "out" or "both": what this database takes or sends, sorted."""
        registry = self.env["mfg.handler"]._registry()
        return {
            event_type: self.env[registry[event_type]]._mfg_direction
            for event_type in self._store().types()
            if event_type in registry
        }

    @api.model
    @tools.ormcache(cache="stable")
    def _openapi(self):
        """The OpenAPI document as (text, ETag)."""
        return self._tagged(self._text(self._openapi_document()))

    def _openapi_document(self):
        return openapi.build(
            self._store(),
            self._types(),
            table=self._routes(),
            more=self._components(),
        )

    @api.model
    def _routes(self):
        """The routes of the contract; an addon adds those that it serves."""
        return openapi.routes()

    @api.model
    def _components(self):
        """Component schemas (OpenAPI) that the routes of addons need, by name."""
        return {}

    @api.model
    @tools.ormcache(cache="stable")
    def _asyncapi(self):
        """The AsyncAPI document as (text, ETag)."""
        document = asyncapi.build(self._store(), self._types(), table=self._routes())
        return self._tagged(self._text(document))

    @api.model
    @tools.ormcache(cache="stable")
    def _docs(self):
        """The docs page as (HTML, ETag)."""
        document = self._openapi_document()
        page = docs_page.render(document, self._store(), catalogue.CATALOGUE)
        return self._tagged(page)

    @api.model
    def _ending(self, event_type):
        """When a version ends: :class:`~..engine.versions.Ending`, or None."""
        return self._store().ending(event_type)

    @api.model
    def _ending_headers(self, types, absolute=False):
        """The header fields that tell a plant which of these versions will end.

        :param absolute: links with Odoo's own address, for what Odoo sends
        """
        endings = [one for one in map(self._ending, set(types)) if one]
        if not endings:
            return []
        address = self.get_base_url() if absolute else ""
        return versions.headers(endings, address + PREFIX)

    @api.model
    @tools.ormcache("event_type", cache="stable")
    def _schema(self, event_type):
        """The schema of one type as (text, ETag), None when there is none."""
        if event_type not in self._types():
            return None
        return self._tagged(self._text(self._store().document(event_type)))

    @api.model
    @tools.ormcache("prefix", cache="stable")
    def _schema_list(self, prefix):
        """All types with title and address, as (text, ETag)."""
        schemas = [
            {
                "type": event_type,
                "title": self._store().document(event_type).get("title", event_type),
                "direction": direction,
                "version": versions.split(event_type)[1],
                "href": f"{prefix}/schemas/{event_type}",
                **versions.facts(self._ending(event_type)),
            }
            for event_type, direction in self._types().items()
        ]
        return self._tagged(self._text({"schemas": schemas}))

    def _text(self, document):
        return json.dumps(document, ensure_ascii=False, indent=1)

    def _tagged(self, text):
        return text, hashlib.sha256(text.encode()).hexdigest()[:32]
