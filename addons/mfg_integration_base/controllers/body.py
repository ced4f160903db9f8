# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Reading a request's body: limits before parsing, then the signature over it."""

import logging

from werkzeug.exceptions import RequestEntityTooLarge

from odoo.http import request

from ..engine import signature
from ..engine.failure import Failure
from . import problem

_logger = logging.getLogger(__name__)

MIB = 1024 * 1024


def read(limit=MIB):
    """Return the raw body, signature checked where the endpoint asks for one.

    :param limit: bytes; more is refused by Content-Length unread, or while reading
    :raise problem.Refused: 413 too large, 401 not signed as agreed
    """
    httprequest = request.httprequest
    if httprequest.headers.get("Content-Encoding", "identity") != "identity":
        raise problem.refuse("unsupported-media-type", "Send the body uncompressed.")
    httprequest.max_content_length = limit
    if (httprequest.content_length or 0) > limit:
        raise _too_large(limit)
    try:
        body = httprequest.get_data()
    except RequestEntityTooLarge:
        raise _too_large(limit) from None
    _check_signature(body)
    return body


def _too_large(limit):
    return problem.refuse("payload-too-large", f"At most {limit} bytes are accepted.")


def _check_signature(body):
    # sudo: the secret is hidden from the service user that the request runs as
    endpoint = request.mfg_endpoint.sudo()
    if endpoint.signature_profile == "none":
        return
    secret = endpoint.signature_secret or ""
    headers = request.httprequest.headers
    try:
        signature.verify(endpoint.signature_profile, secret, headers, body)
    except (Failure, ValueError) as error:
        _logger.info("Signature refused for endpoint %s: %s", endpoint.id, error)
        request.env["ir.http"]._mfg_refuse_authentication()


def media_type():
    """The request's media type; a charset other than UTF-8 is refused (415)."""
    charset = request.httprequest.mimetype_params.get("charset", "utf-8")
    if charset.lower().strip('"') not in ("utf-8", "utf8", "us-ascii"):
        raise problem.refuse("unsupported-media-type", "Only UTF-8 is read.")
    return request.httprequest.mimetype
