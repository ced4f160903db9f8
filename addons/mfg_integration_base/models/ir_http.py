# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import re

import psycopg2
from werkzeug.exceptions import MethodNotAllowed

from odoo import models
from odoo.http import SessionExpiredException, request
from odoo.tools import SQL, consteq

from odoo.addons.base.models.res_users import INDEX_SIZE, KEY_CRYPT_CONTEXT

from ..controllers import problem
from ..tools.throttle import Throttle
from ..tools.verified_keys import VerifiedKeys
from .mfg_endpoint import KEY_SCOPE

BEARER = re.compile(r"bearer +([!-~]{8,200})", re.IGNORECASE)
METRICS_TOKEN_PARAMETER = "mfg_integration_base.metrics_token"
# a plant with a wrong key is told so this often per minute, then told to slow down
FAILURES_PER_MINUTE = 60

# what every request asks of its endpoint
DOOR_FIELDS = ("active", "company_id", "state", "rate_limit", "signature_profile")

_failures = Throttle()
_events = Throttle()
_verified = VerifiedKeys(KEY_CRYPT_CONTEXT.verify)


class IrHttp(models.AbstractModel):
    """The door of /mfg/v1: own keys, own errors, nothing of Odoo behind it.

    Odoo's own bearer method asks for the scope `rpc`, whose keys open every model;
    ours takes keys of the scope `mfg_integration` only, and only for these routes.
    """

    _inherit = "ir.http"

    # -- authentication --------------------------------------------------------------

    @classmethod
    def _auth_method_mfg(cls):
        """A key of an active endpoint; the request goes on as its service user."""
        with _passing_refusals():
            key = cls._mfg_presented_key()
            row = cls._mfg_find_key(key) if key else None
            if not row:
                cls._mfg_refuse_authentication()
            cls._mfg_enter(row)

    @classmethod
    def _auth_method_mfg_or_user(cls):
        """A key, or the session of an internal user: the docs are read in a browser."""
        if request.httprequest.headers.get("Authorization") is None:
            user = request.env.user
            if user and user._is_internal():
                request.mfg_endpoint = None
                return
            if cls._mfg_is_browser():
                raise SessionExpiredException("Log in to read the docs")
        cls._auth_method_mfg()

    @classmethod
    def _auth_method_mfg_metrics(cls):
        """The monitoring token, which sees all, or a key, which sees its endpoint."""
        key = cls._mfg_presented_key()
        parameters = request.env["ir.config_parameter"].sudo()
        token = parameters.get_param(METRICS_TOKEN_PARAMETER)
        if key and token and consteq(key, token):
            request.session.can_save = False
            request.mfg_endpoint = None
            cls._auth_method_none()
            return
        cls._auth_method_mfg()

    @classmethod
    def _mfg_presented_key(cls):
        header = request.httprequest.headers.get("Authorization", "")
        match = BEARER.fullmatch(header.strip())
        return match and match[1]

    @classmethod
    def _mfg_find_key(cls, key):
        """The endpoint and user of a valid key, else None, in one statement.

        Not `_check_credentials`: that one lets global keys (no scope) pass as well.
        """
        rows = request.env.execute_query_dict(
            SQL(
                """
                SELECT k.key, k.user_id, e.id AS endpoint_id, e.active, e.company_id,
                       e.state, e.rate_limit, e.signature_profile
                  FROM res_users_apikeys k
                  JOIN res_users u ON u.id = k.user_id AND u.active
             LEFT JOIN mfg_endpoint e ON e.user_id = u.id
                 WHERE k.index = %s AND k.scope = %s
                   AND (k.expiration_date IS NULL
                        OR k.expiration_date >= now() AT TIME ZONE 'utc')
                """,
                key[:INDEX_SIZE],
                KEY_SCOPE,
            )
        )
        return next((row for row in rows if _verified.check(key, row["key"])), None)

    @classmethod
    def _mfg_enter(cls, row):
        if not row["active"]:
            raise problem.refuse("forbidden", "The endpoint of this key is not active.")
        request.session.can_save = False  # a key makes no session
        context = {"allowed_company_ids": [row["company_id"]], "tz": "UTC"}
        # a language, or Odoo looks one up over three tables on every request
        request.update_env(user=row["user_id"], context={**context, "lang": "en_US"})
        endpoint = request.env["mfg.endpoint"].browse(row["endpoint_id"])
        # sudo: the service user does not read the configuration; its code does
        request.mfg_endpoint = endpoint.sudo()
        for name in DOOR_FIELDS:  # read already: spares a query on every request
            endpoint._fields[name]._insert_cache(endpoint, [row[name]])

    @classmethod
    def _mfg_refuse_authentication(cls):
        """Say 401, the same for every reason; after many failures say 429.

        Counted only for failures: a plant with a good key is never shut out because
        another one behind the same address has a bad one.
        """
        wait = _failures.wait(request.httprequest.remote_addr, FAILURES_PER_MINUTE)
        if wait:
            raise problem.slow_down("Too many failed authentications.", wait)
        raise problem.Refused(problem.unauthorized())

    @classmethod
    def _mfg_rate_wait(cls, endpoint, number):
        """Count events of an endpoint; seconds to wait when its minute is used up."""
        if not endpoint.rate_limit:
            return 0
        name = (request.db, endpoint.id, endpoint.rate_limit)
        return _events.wait(name, endpoint.rate_limit, number)

    # -- routing and errors ----------------------------------------------------------

    @classmethod
    def _match(cls, path_info):
        """405 as problem details; OPTIONS too, as there is no cross-origin use."""
        if not problem.is_ours(path_info):
            return super()._match(path_info)
        try:
            rule, args = super()._match(path_info)
        except MethodNotAllowed as error:
            raise MethodNotAllowed(response=problem.from_exception(error)) from None
        if request.httprequest.method == "OPTIONS":
            methods = sorted(rule.methods - {"OPTIONS"})
            error = MethodNotAllowed(valid_methods=methods)
            raise MethodNotAllowed(response=problem.from_exception(error))
        return rule, args

    @classmethod
    def _serve_fallback(cls):
        """No page, attachment or redirect of a website is ever served below /mfg/v1."""
        if problem.is_ours(request.httprequest.path):
            return None
        return super()._serve_fallback()

    @classmethod
    def _handle_error(cls, exception):
        if problem.is_ours(request.httprequest.path):
            if not cls._mfg_wants_login(exception):
                return problem.from_exception(exception)
        return super()._handle_error(exception)

    @classmethod
    def _mfg_wants_login(cls, exception):
        """A person who opens the docs in a browser is led to the log-in page."""
        return (
            isinstance(exception, SessionExpiredException)
            and request.httprequest.headers.get("Authorization") is None
            and cls._mfg_is_browser()
        )

    @classmethod
    def _mfg_is_browser(cls):
        """Browsers ask for HTML by name; programs say "anything" or nothing."""
        return "text/html" in request.httprequest.headers.get("Accept", "")


class _passing_refusals:
    """Odoo turns every error during authentication into "access denied"; a database
    that is away must be said as 503, or a plant would throw its key away."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, psycopg2.Error):
            raise problem.Refused(problem.from_exception(error)) from error
