#!/usr/bin/env bash
# Stops what runs and removes what the tooling made. Downloads stay in $MFG_CACHE.
. "$(dirname "$0")/lib.sh"
if [ -f "$MFG_VENV/mfg-stamp" ]; then
    "$MFG_VENV/bin/python" scripts/stack.py remove
    rm -rf "$MFG_VENV"
fi
[ ! -f "$MFG_ODOO_DIR/stamp" ] || rm -rf "$MFG_ODOO_DIR"
rm -rf "$MFG_RUN_DIR" "$MFG_ODOO_DIR.new"
find . -path './.git' -prune -o -name __pycache__ -type d -print0 | xargs -0r rm -rf
rm -rf .pytest_cache .hypothesis .ruff_cache
