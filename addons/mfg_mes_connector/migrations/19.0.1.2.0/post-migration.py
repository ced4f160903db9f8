# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


def migrate(cr, version):
    """Who was told of a job order is kept with its versions, also who does not answer;
    until now only the log knew."""
    cr.execute(
        """
        INSERT INTO mfg_joborder_answer (version_id, company_id, endpoint_id, consent,
            state, create_date, create_uid, write_date, write_uid)
        SELECT DISTINCT ON (v.id, m.endpoint_id) v.id, v.company_id, m.endpoint_id,
            FALSE, 'told', v.create_date, v.create_uid, v.create_date, v.create_uid
        FROM mfg_joborder_version v
        JOIN mfg_message m ON m.key = v.job_order AND m.company_id = v.company_id
        WHERE m.direction = 'out'
          AND m.type IN ('mfg.joborder.released.v1', 'mfg.joborder.changed.v1')
          AND (m.payload::jsonb -> 'data' ->> 'version')::integer = v.number
        ON CONFLICT (version_id, endpoint_id) DO NOTHING
        """
    )
