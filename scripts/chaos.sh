#!/usr/bin/env bash
# The chaos campaign, with its own set-up: chaos.sh [--short] [--seed N] [--minutes M] [scenario…]
. "$(dirname "$0")/lib.sh"
STEPS=$((SETUP_STEPS + 1))
setup
export PYTHONPATH=$ROOT:$ROOT/scripts:$ROOT/tests/e2e
show "Chaos campaign" "$MFG_VENV/bin/python" -m tests.chaos "$@"
