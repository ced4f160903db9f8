#!/usr/bin/env bash
# Set-up, then the demo server in the background; returns when it answers.
. "$(dirname "$0")/lib.sh"
STEPS=$((SETUP_STEPS + 1))
setup
step "Demo database and Odoo server" "$MFG_VENV/bin/python" scripts/stack.py up
tail -n 1 "$STEP_LOG"
