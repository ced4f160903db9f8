# shellcheck shell=bash
# Every setting of the tooling, in one place. Each one can be set by environment.
# Sourced by the shell scripts; read by the Python ones through settings.py.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ROOT

export MFG_HTTP_PORT=${MFG_HTTP_PORT:-8069}
export MFG_GEVENT_PORT=${MFG_GEVENT_PORT:-8072}
export MFG_PG_PORT=${MFG_PG_PORT:-54329} # of the private cluster only
export MFG_WORKERS=${MFG_WORKERS:-5}     # must stay above the job runner's root capacity
export MFG_DB=${MFG_DB:-mfg_demo}
export MFG_TEST_DB=${MFG_TEST_DB:-mfg_test}
export MFG_WITH_DEMO=${MFG_WITH_DEMO:-0} # 1: the demo database has Odoo's own demo data as well
export MFG_ADMIN_PASSWORD=${MFG_ADMIN_PASSWORD:-admin} # the server listens on 127.0.0.1 only
export MFG_HEALTH_PATH=${MFG_HEALTH_PATH:-/mfg/v1/health}

export MFG_RUN_DIR=${MFG_RUN_DIR:-$ROOT/.run}
export MFG_VENV=${MFG_VENV:-$ROOT/.venv}
export MFG_ODOO_DIR=${MFG_ODOO_DIR:-$ROOT/.odoo}
export MFG_CACHE=${MFG_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mfg-plant}
export MFG_PYTHON=${MFG_PYTHON:-} # empty: the first of python3.11, python3.12, python3 that fits

# An Odoo 19.0 of one's own: a source checkout, or the folder that holds its `odoo` package.
export ODOO_HOME=${ODOO_HOME:-}

# Every command's full output goes here.
export MFG_LOG_DIR=${MFG_LOG_DIR:-$MFG_RUN_DIR/logs}
