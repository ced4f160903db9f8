#!/usr/bin/env bash
# python.sh argument…: the environment's Python, for what needs a set-up but must not make one.
. "$(dirname "$0")/lib.sh"
[ -f "$MFG_VENV/mfg-stamp" ] || die "nothing is set up here yet: make setup"
exec "$MFG_VENV/bin/python" "$@"
