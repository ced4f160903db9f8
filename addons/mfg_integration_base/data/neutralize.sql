-- A copy of the database must not speak to the plants of the original, nor they to it.
-- Odoo sweeps at start, whatever is neutralized: what is due then would be sent.

-- nothing is posted, handed out or pushed until somebody resumes an endpoint of the copy
UPDATE mfg_endpoint
   SET state = 'paused',
       push_state = 'paused';

-- no address to push to, no network that may be, no secret to sign with
UPDATE mfg_endpoint
   SET push_url = NULL,
       push_networks = NULL,
       push_secret_at = NULL,
       push_secret_old_until = NULL;
DELETE FROM mfg_push_secret;

-- no key of a plant, and no monitoring token, opens the copy
DELETE FROM res_users_apikeys
 WHERE scope = 'mfg_integration';
UPDATE mfg_endpoint
   SET signature_secret = NULL,
       key_expires_at = NULL;
DELETE FROM ir_config_parameter
 WHERE key = 'mfg_integration_base.metrics_token';

-- what the original has for its plants is the original's: a test plant does not get it
UPDATE mfg_message
   SET state = 'cancelled',
       next_try_at = NULL,
       error_code = NULL,
       error_detail = 'Not delivered: this database is a neutralized copy.'
 WHERE direction = 'out'
   AND state IN ('queued', 'retrying', 'sent');

-- wake-ups of the original, of all workers (mfg.worker)
UPDATE queue_job
   SET state = 'cancelled',
       date_cancelled = now() AT TIME ZONE 'UTC'
 WHERE model_name LIKE 'mfg.%'
   AND state IN ('wait_dependencies', 'pending', 'enqueued', 'started');
