# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from odoo.addons.mfg_integration_base.engine import strict_json, versions
from odoo.addons.mfg_integration_base.engine.envelope import Event
from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError
from odoo.addons.mfg_integration_base.models.mfg_inbox import Received

from ..b2mml import document as documents
from ..b2mml import door, master_in
from ..b2mml.refusal import Refusal
from .mfg_b2mml_origin import KNOWN

TOO_LARGE = "payload-too-large"
CONTRADICTS = "another document was taken under this id; nothing of this one was"
TAKEN = ("accepted", "duplicate")
SHOWN_IGNORED = 100


class MfgB2mmlInbox(models.AbstractModel):
    """Takes B2MML documents in: they become events, and events go their usual way.

    The ids of a document's events follow from the document, so that one sent again is
    nothing new, and one sent again with other content contradicts itself.
    """

    _name = "mfg.b2mml.inbox"
    _description = "B2MML Inbox"

    @api.private
    @api.model
    def read_document(self, endpoint, body, charset=None):
        """The Document of a request's body, or the Refusal of it; nothing is kept."""
        try:
            return documents.read(body, charset, endpoint.tz, self._readers())
        except Refusal as refusal:
            return refusal

    @api.model
    def _readers(self):
        """What is read of which noun; an addon adds what its handlers can take.

        :return: noun in lower case -> function(reader, node), see ``b2mml.document``
        """
        ways, readers = self.env["mfg.handler"]._ways(), dict(documents.READERS)
        taken = {versions.split(name)[0] for name, way in ways if way == "in"}
        for event_type, its_readers in master_in.READERS.items():
            if versions.split(event_type)[0] in taken:
                readers.update(its_readers)
        return readers

    @api.private
    @api.model
    def types(self, endpoint, found):
        """The types of the events that a document becomes, none of a Refusal."""
        told = {fact.type for fact in getattr(found, "facts", ())}
        return [self._type(endpoint, event_type) for event_type in told]

    def _type(self, endpoint, event_type):
        """The version in which an event comes in: that of its reader while this
        endpoint may send it, then the latest of those it changed over to.

        Its data stays what the reader made of it; the schema of the version decides
        whether that will do.
        """
        inbox = self.env["mfg.inbox"]
        interfaces = inbox._interfaces(endpoint.id)
        name = versions.split(event_type)[0]
        usable = [
            one
            for one, (interface_id, _lane) in interfaces.items()
            if versions.split(one)[0] == name and not inbox._is_over(one, interface_id)
        ]
        if event_type in usable:
            return event_type
        # sudo: the service user does not read the configuration; its code does
        records = self.env["mfg.interface"].sudo()
        live = [
            one for one in usable if records.browse(interfaces[one][0]).stage == "live"
        ]
        return max(live, key=versions.split, default=event_type)

    @api.private
    @api.model
    def accept(self, endpoint, body, charset, found):
        """Keep what was read, all of it in this transaction.

        :param found: what :meth:`read_document` returned
        :return: (Failure of a document refused as a whole, answer as dict)
        """
        documents = self.env["mfg.b2mml.document"]
        known = self._known_meaning(endpoint, found)
        if refusal := self._refusal(found, known):
            return self._refuse(endpoint, body, charset, refusal)
        received = self._all_received(endpoint, found)
        answers = self.env["mfg.inbox"].accept(endpoint, received) if received else []
        answer = self._answer(found, answers)
        kept = documents._keep(
            endpoint, body, charset, **self._kept(found, answer["results"], known)
        )
        nodes = [fact.node for fact in found.facts]
        self._note_origins(kept, endpoint, zip(answers, nodes, strict=True))
        return None, answer

    @api.private
    @api.model
    def rehearse(self, endpoint, found):
        """What each event of a document would do by itself; nothing of it stays.

        :return: as :meth:`accept`
        """
        if refusal := self._refusal(found, self._known_meaning(endpoint, found)):
            return self._failure(refusal), {}
        inbox = self.env["mfg.inbox"]
        received = self._all_received(endpoint, found)
        answers = [inbox.rehearse(endpoint, item) for item in received]
        return None, self._answer(found, answers)

    def _known_meaning(self, endpoint, found):
        """What the document said that was taken under the same identity, or None."""
        if isinstance(found, Refusal):
            return None
        return self.env["mfg.b2mml.document"]._meaning_of(endpoint, found.identity)

    def _refusal(self, found, known):
        """Why the document is refused as a whole, or None."""
        if isinstance(found, Refusal):
            return found
        return (
            self._contradiction(found) if known not in (None, found.meaning) else None
        )

    def _all_received(self, endpoint, found):
        return [self._received(endpoint, found, fact) for fact in found.facts]

    def _contradiction(self, document):
        """Ids of events are places in a document, so that other content under its id
        moves them: what is the same would be posted again under other ids."""
        node = document.known_by
        place = (node.path, node.line) if node else ()
        refusal = Refusal("conflict", CONTRADICTS, *place)
        refusal.document = document
        return refusal

    def _kept(self, document, results, known):
        """The row of a document that was read; one nothing was taken of is refused."""
        row = {
            "identity": document.identity,
            "root": document.root,
            "version": document.version,
        }
        if not results or any(result["status"] in TAKEN for result in results):
            meaning = None if known else document.meaning
            return {**row, "state": "accepted", "meaning": meaning}
        error = results[0]["error"]
        return {
            **row,
            "state": "refused",
            "error_code": error["code"],
            "error_detail": error["errors"][0]["detail"],
            "error_path": error["errors"][0]["pointer"],
        }

    def _received(self, endpoint, document, fact):
        event = Event(
            id=f"{document.identity}/{fact.name}",
            source=endpoint.source,
            type=self._type(endpoint, fact.type),
            subject=fact.subject,
            time=fact.time,
            correlationid=document.identity,
            data=fact.data,
        )
        text = strict_json.dumps(event.to_dict())
        return Received(text, event=event, id=event.id, source=event.source)

    def _note_origins(self, document, endpoint, places):
        rows = {
            int(answer["href"].rpartition("/")[2]): {
                "document_id": document.id,
                "message_id": int(answer["href"].rpartition("/")[2]),
                "company_id": endpoint.company_id.id,
                "path": node and node.path,
                "line": node and node.line,
            }
            for answer, node in places
        }
        self.env["mfg.b2mml.origin"]._insert(list(rows.values()), KNOWN)

    # -- answering -------------------------------------------------------------------

    def _answer(self, document, answers):
        return {
            "document": {
                "id": document.identity,
                "root": document.root,
                "version": document.version,
            },
            "results": [
                self._result(answer, fact)
                for answer, fact in zip(answers, document.facts, strict=True)
            ],
            "ignored": [
                {"path": node.path, "line": node.line, "reason": reason}
                for node, reason in document.ignored[:SHOWN_IGNORED]
            ],
        }

    def _result(self, answer, fact):
        """One event's answer; errors point into the document that was sent."""
        found = {**answer, "path": fact.node.path, "line": fact.node.line}
        if "result" in answer:  # of a dry run
            found["result"] = self._pointing(answer["result"], fact)
        return self._pointing(found, fact)

    def _pointing(self, answer, fact):
        if "error" not in answer:
            return answer
        errors = [self._moved(error, fact) for error in answer["error"]["errors"]]
        return {**answer, "error": {**answer["error"], "errors": errors}}

    def _moved(self, error, fact):
        node = fact.place(error["pointer"])
        member = error["pointer"].rpartition("/")[2]
        detail = f"{member}: {error['detail']} (line {node.line})"
        return {"pointer": node.path, "detail": detail}

    # -- refusing --------------------------------------------------------------------

    def _refuse(self, endpoint, body, charset, refusal):
        """Keep a refused document for the operator; returns (Failure, answer)."""
        read, failure = refusal.document, self._failure(refusal)
        item = Received(
            self._shown(body, charset),
            failure=failure,
            id=read and read.identity,
            source=endpoint.source,
        )
        [answer] = self.env["mfg.inbox"].accept(endpoint, [item])
        if refusal.code != TOO_LARGE:
            kept = self.env["mfg.b2mml.document"]._keep(
                endpoint,
                body,
                charset,
                identity=read and read.identity,
                root=read and read.root,
                version=read and read.version,
                state="refused",
                error_code=refusal.code,
                error_detail=refusal.rule,
                error_path=refusal.path,
            )
            self._note_origins(kept, endpoint, [(answer, None)])
        return failure, {"href": answer["href"]}

    def _failure(self, refusal):
        error = FieldError(refusal.path, refusal.rule)
        detail = f"The document is not taken: {refusal.rule}"
        return Failure(refusal.code, detail, [error])

    def _shown(self, body, charset):
        """The document as text for the log, as well as it can be read."""
        try:
            return door.decode(body, charset)
        except Refusal:
            return body.decode("utf-8", "replace")
