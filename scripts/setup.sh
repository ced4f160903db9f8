#!/usr/bin/env bash
# Everything that a server or a test needs, from nothing.
. "$(dirname "$0")/lib.sh"
STEPS=$SETUP_STEPS
setup
