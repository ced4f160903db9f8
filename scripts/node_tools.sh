#!/usr/bin/env bash
# The second opinions on the contract that live in npm: ajv, the parsers of AsyncAPI and OpenAPI.
# Prints the folder that has them; tests call it, so it fails with what to do, and never skips.
. "$(dirname "$0")/lib.sh"

TOOLS=(@asyncapi/parser@3.6.6 @redocly/cli@2.77.0 ajv@8.20.0 ajv-formats@3.0.1)
TOOLS_DIR=$MFG_RUN_DIR/node-contract

command -v npm >/dev/null || die "npm is missing, the contract cannot be checked: apt-get install nodejs npm"
mkdir -p "$TOOLS_DIR"
exec 9>"$TOOLS_DIR/lock"
flock 9
if [ "$(cat "$TOOLS_DIR/stamp" 2>/dev/null)" != "${TOOLS[*]}" ]; then
    npm_install "$TOOLS_DIR" "${TOOLS[@]}" >&2 ||
        die "npm could not fetch ${TOOLS[*]}: is there a network?"
    echo "${TOOLS[*]}" >"$TOOLS_DIR/stamp"
fi
echo "$TOOLS_DIR/node_modules"
