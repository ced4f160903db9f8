#!/usr/bin/env bash
# The benchmarks, with their own set-up.
. "$(dirname "$0")/lib.sh"
[ -d benchmarks ] || die "benchmarks/ is missing: nothing to measure in this checkout"
STEPS=$((SETUP_STEPS + 1))
setup
show "Benchmarks" "$MFG_VENV/bin/python" -m benchmarks
