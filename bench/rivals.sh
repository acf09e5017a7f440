#!/bin/sh
# Installs the servers that the mock is compared with, below bench/.rivals (not part of the project).
# Needs Node.js 20 or later with npm.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
npm install --prefix "$here/.rivals" --no-audit --no-fund \
    @stoplight/prism-cli json-server @mockoon/cli
