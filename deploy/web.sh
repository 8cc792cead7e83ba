#!/usr/bin/env bash
# Bring database and static files up to this release, then serve: `deploy/web.sh 127.0.0.1:8000`.
# One process with 16 threads; several (WEB_CONCURRENCY) need PUFA_REDIS_URL.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PUFA_VENV:-.venv}/bin/python
"$python" manage.py migrate --no-input
"$python" manage.py collectstatic --no-input --verbosity 0
# Where several web processes add up what they count (PUFA_METRICS_FROM).
work=${PUFA_DATA_DIR:-var}/work
PROMETHEUS_MULTIPROC_DIR=$work/metrics/$(hostname)-${1##*:}
rm -rf "$PROMETHEUS_MULTIPROC_DIR"
mkdir -p "$PROMETHEUS_MULTIPROC_DIR"
export PROMETHEUS_MULTIPROC_DIR
exec "$python" -m gunicorn --pythonpath site --bind "$1" --worker-class gthread --threads 16 --timeout 120 \
  --no-control-socket config.wsgi
