# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A log with a past: millions of ended messages, written by SQL in bulk.

A year of one plant: orders of some twenty events and machines whose key never ends,
attempts, links, answers, some parked under an issue, some refused at the door. Values
vary as real ones do where an index cares (keys, ids, states, times).
Every statement takes a range of event numbers, so that a log can grow in steps.
"""

import time
from contextlib import contextmanager

TABLES = ("mfg_message", "mfg_message_attempt", "mfg_message_link")
PER_ORDER = 20  # events of one order
PARKED, CANCELLED, REJECTED = 2000, 1000, 500  # one event in so many
ISSUES = 50
MACHINE, MACHINES = 5, 4  # one event in five is a machine's: few keys, and for ever

# What an event is, from its number alone.
PAST = f"""
WITH past AS (
SELECT n, md5('event' || n)::uuid::text AS event_id,
       CASE WHEN n %% {MACHINE} = 3 THEN 'PAST-M' || n / {MACHINE} %% {MACHINES}
            ELSE 'PAST/MO/' || lpad((n / {PER_ORDER})::text, 7, '0') END AS key,
       now() AT TIME ZONE 'utc' - interval '1 minute'
           - interval '365 days' * (1 - n / %(of)s::float) AS moment,
       CASE WHEN n %% {PARKED} = 7 THEN 'parked'
            WHEN n %% {CANCELLED} = 8 THEN 'cancelled'
            WHEN n %% {REJECTED} = 9 THEN 'rejected' ELSE 'posted' END AS state,
       (ARRAY['mfg.production.reported.v1', 'mfg.material.consumed.v1',
              'mfg.jobresponse.started.v1', 'mfg.production.reported.v1',
              'mfg.jobresponse.completed.v1'])[n %% 5 + 1] AS type
  FROM generate_series(%(first)s, %(last)s) AS n
)
"""
ISSUE = f"""
INSERT INTO mfg_issue (name, endpoint_id, company_id, code, cause, state, first_seen,
                       last_seen, create_uid, write_uid, create_date, write_date)
SELECT 'unknown-material: material:PAST-' || n, e.id, e.company_id,
       'unknown-material', 'material:PAST-' || n, 'open', now(), now(), 1, 1, now(),
       now()
  FROM generate_series(0, {ISSUES - 1}) AS n, mfg_endpoint e
 WHERE e.id = %(endpoint)s
ON CONFLICT DO NOTHING
"""
INBOUND = f"""{PAST}
INSERT INTO mfg_message (
    id, direction, endpoint_id, interface_id, company_id, lane, shard, key, event_id,
    source, type, subject, event_time, sequence, payload, fingerprint, state,
    error_code, error_detail, error_fields, wanted, issue_id, attempts, tries,
    received_at, posted_at, create_uid, write_uid, create_date, write_date)
SELECT %(base)s + 2 * n - 1, 'in', e.id, i.id, e.company_id,
       coalesce(i.lane, 'standard'), abs(hashtext(key)) %% 16, key, event_id, e.source,
       p.type, key, moment - interval '1 second', n,
       json_build_object('specversion', '1.0', 'id', event_id, 'source', e.source,
           'type', p.type, 'subject', key, 'time', moment, 'sequence', n::text,
           'data', json_build_object('jobOrderId', key, 'operationsSegmentId', 'Pack',
               'quantity', json_build_object('value', n %% 90, 'unitCode', 'C62'),
               'backflush', 'auto', 'time', moment,
               'remark', repeat(left(event_id, 8), 25)))::text,
       repeat(md5(event_id), 2), p.state, error.code, title, '[]', wanted, s.id,
       (p.state <> 'rejected')::int, (p.state <> 'rejected')::int, moment,
       CASE p.state WHEN 'posted' THEN moment + interval '1 second' END,
       e.user_id, 1, moment, moment
  FROM past p JOIN mfg_endpoint e ON e.id = %(endpoint)s
       LEFT JOIN mfg_interface i ON i.endpoint_id = e.id AND i.type = p.type
       CROSS JOIN LATERAL (SELECT
           CASE p.state WHEN 'parked' THEN 'material:PAST-' || n / {PARKED} %% {ISSUES}
           END AS wanted,
           CASE p.state WHEN 'parked' THEN 'unknown-material'
                        WHEN 'rejected' THEN 'schema' END AS code,
           CASE WHEN p.state IN ('parked', 'rejected') THEN 'Not known' END AS title
       ) AS error
       LEFT JOIN mfg_issue s ON s.endpoint_id = e.id AND s.cause = wanted
 ORDER BY n
"""
OUTBOUND = f"""{PAST}
INSERT INTO mfg_message (
    id, direction, endpoint_id, interface_id, company_id, lane, shard, key, event_id,
    source, type, subject, event_time, correlation_id, causation_id, payload,
    fingerprint, state, attempts, received_at, posted_at, create_uid, write_uid,
    create_date, write_date)
SELECT %(base)s + 2 * n, 'out', e.id, i.id, e.company_id, i.lane,
       abs(hashtext(key)) %% 16, key, md5('answer' || n)::uuid::text,
       'urn:odoo:past', i.type, key, moment, event_id, event_id,
       json_build_object('specversion', '1.0', 'id', md5('answer' || n)::uuid,
           'source', 'urn:odoo:past', 'type', i.type, 'subject', key, 'time', moment,
           'correlationid', event_id, 'causationid', event_id,
           'data', json_build_object('eventId', event_id, 'source', e.source,
               'type', p.type, 'records', json_build_array(
                   json_build_object('model', 'mrp.production', 'id', n,
                       'name', key))))::text,
       repeat(md5(event_id), 2), 'acknowledged', 1, moment + interval '1 second',
       moment + interval '2 seconds', e.user_id, 1, moment, moment
  FROM past p JOIN mfg_endpoint e ON e.id = %(endpoint)s
       JOIN mfg_interface i ON i.endpoint_id = e.id AND i.type =
           CASE p.state WHEN 'posted' THEN 'mfg.event.posted.v1'
                        WHEN 'parked' THEN 'mfg.event.parked.v1' END
 ORDER BY n
"""
ATTEMPT = """
INSERT INTO mfg_message_attempt (message_id, company_id, number, started_at,
    duration_ms, outcome, error_code, create_uid, write_uid, create_date, write_date)
SELECT m.id, m.company_id, 1, m.received_at, 90, m.state, m.error_code, 1, 1,
       m.received_at, m.received_at
  FROM mfg_message m
 WHERE m.id > %(base)s + 2 * (%(first)s - 1)
   AND m.direction = 'in' AND m.state IN ('posted', 'parked')
 ORDER BY m.id
"""
LINK = """
INSERT INTO mfg_message_link (message_id, company_id, res_model, res_id, res_name,
    role, create_uid, write_uid, create_date, write_date)
SELECT m.id, m.company_id, record.model,
       CASE record.model WHEN 'mrp.production' THEN hashtext(m.key) ELSE m.id END,
       m.key, record.role, m.create_uid, m.create_uid, m.received_at, m.received_at
  FROM mfg_message m
       CROSS JOIN (VALUES ('mrp.production', 'changed'), ('stock.move', 'created'))
           AS record (model, role)
 WHERE m.id > %(base)s + 2 * (%(first)s - 1)
   AND m.direction = 'in' AND m.state = 'posted'
 ORDER BY m.id
"""
STEPS = (INBOUND, OUTBOUND, ATTEMPT, LINK)
STEP = 10_000  # events at a time, so that the table grows as it would in time
EXTRAS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', c.conrelid::regclass, c.conname,
              pg_get_constraintdef(c.oid))
  FROM pg_constraint c
 WHERE c.conrelid::regclass::text = ANY(%(tables)s) AND c.contype = 'f'
UNION ALL
SELECT format('DROP INDEX %%s', i.indexrelid::regclass),
       format('%%s; COMMENT ON INDEX %%s IS %%L', pg_get_indexdef(i.indexrelid),
              i.indexrelid::regclass, obj_description(i.indexrelid))
  FROM pg_index i
 WHERE i.indrelid::regclass::text = ANY(%(tables)s) AND NOT i.indisprimary
"""


def fill(databases, name, endpoint, rows):
    """Have about `rows` messages in the log of an endpoint; returns the seconds taken.

    Indexes and foreign keys are made again afterwards, all at once: several times
    faster, and proof that the past is as sound as a log that grew.
    """
    started = time.monotonic()
    with databases.cursor(name) as cr:
        cr.execute("SET maintenance_work_mem = '512MB'; SET synchronous_commit = off")
        cr.execute(ISSUE, {"endpoint": endpoint})
        with _bare(cr):
            _insert(cr, endpoint, rows // 2)  # each event has an answer
        for table in TABLES:
            cr.execute(f"VACUUM ANALYZE {table}")
    return time.monotonic() - started


@contextmanager
def _bare(cr):
    """The tables without indexes and foreign keys, for as long as it takes."""
    cr.execute(EXTRAS, {"tables": list(TABLES)})
    extras = cr.fetchall()
    for drop, _make in extras:
        cr.execute(drop)
    yield
    for _drop, make in reversed(extras):
        cr.execute(make)


def _insert(cr, endpoint, events):
    cr.execute("SELECT coalesce(max(id), 0) FROM mfg_message")
    values = {"endpoint": endpoint, "of": events, "base": cr.fetchone()[0]}
    for first in range(1, events + 1, STEP):
        last = min(first + STEP - 1, events)
        for step in STEPS:
            cr.execute(step, {**values, "first": first, "last": last})
    cr.execute("SELECT setval('mfg_message_id_seq', max(id)) FROM mfg_message")


def gigabytes(databases, name):
    with databases.cursor() as cr:
        cr.execute("SELECT pg_database_size(%s)", [name])
        return cr.fetchone()[0] / 1e9
