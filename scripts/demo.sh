#!/usr/bin/env bash
# From nothing to a plant at work: set-up, demo server, simulated plant. Leaves Odoo running.
# LOG=path plays a production log of one's own.
plant_log=${LOG:-}
. "$(dirname "$0")/lib.sh"
STEPS=$((SETUP_STEPS + 2))
setup
step "Demo database and Odoo server" "$MFG_VENV/bin/python" scripts/stack.py up
[ -d plantsim ] || die "plantsim/ is missing: no simulated plant in this checkout"
result=0
show "Simulated plant" "$MFG_VENV/bin/python" -m plantsim demo --run-file "$MFG_RUN_DIR/demo.json" \
    ${plant_log:+--log "$plant_log"} || result=$?
echo "Odoo keeps running; stop it with: make down"
exit "$result"
