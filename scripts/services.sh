#!/usr/bin/env bash
# Run a command with a PostgreSQL, a Redis and an S3 server of its own, and an nginx to start:
# `scripts/services.sh make-me-happy --now`. They are Debian's (installed where missing, as root) but for the S3 server,
# which is moto's, out of the virtual environment; they live in a temporary folder, listen on loopback alone, and are
# gone when the command ends. The command finds them through PUFA_DATABASE_URL and PUFA_REDIS_URL; tests make buckets of
# their own at PUFA_TEST_S3, and start the nginx that PUFA_TEST_NGINX names, each with a configuration of its own.
set -euo pipefail

fail() { echo "$*" >&2; exit 1; }

pg_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

nginx_program() { PATH="$PATH:/usr/sbin" command -v nginx || true; }

install_missing() {
  local missing=()
  [ -n "$(pg_bin)" ] && [ -x "$(pg_bin)/initdb" ] || missing+=(postgresql)
  command -v redis-server >/dev/null || missing+=(redis-server)
  [ -n "$(nginx_program)" ] || missing+=(nginx-light)
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    fail "These tests need ${missing[*]}: run 'sudo apt-get install ${missing[*]}' and run the command again."
  fi
  echo "Installing ${missing[*]} …"
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$folder/apt.log" 2>&1 || fail "${missing[*]} could not be installed: $(tail -n 2 "$folder/apt.log")"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# PostgreSQL refuses to run as root; root lends it Debian's own user.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then (cd "$folder" && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); else "$@"; fi
}

start_postgres() {
  local port=$1 password=$2 data="$folder/pg"
  mkdir "$data"
  printf '%s\n' "$password" >"$folder/password"
  [ "$(id -u)" -eq 0 ] && chown postgres "$folder" "$data" "$folder/password"
  as_postgres "$pg/initdb" -D "$data" -U pufa -A scram-sha-256 --pwfile="$folder/password" -E UTF8 --locale=C.UTF-8 \
    >"$folder/initdb.log" 2>&1 || fail "PostgreSQL could not make its files: $(tail -n 2 "$folder/initdb.log")"
  # The data are thrown away at the end, so nothing waits for the disk.
  as_postgres "$pg/pg_ctl" -D "$data" -l "$folder/pg.log" -w -t 60 -o "-p $port -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories=$folder -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start \
    >/dev/null || fail "PostgreSQL did not start: $(tail -n 3 "$folder/pg.log")"
  PGPASSWORD=$password "$pg/createdb" -h 127.0.0.1 -p "$port" -U pufa pufa
}

start_redis() {
  local port=$1 password=$2
  redis-server --port "$port" --bind 127.0.0.1 --requirepass "$password" --save '' --appendonly no --dir "$folder" \
    >"$folder/redis.log" 2>&1 &
  redis_pid=$!
  for _ in $(seq 100); do
    REDISCLI_AUTH=$password redis-cli -p "$port" ping 2>/dev/null | grep -q PONG && return
    kill -0 "$redis_pid" 2>/dev/null || break
    sleep 0.1
  done
  fail "Redis did not start: $(tail -n 3 "$folder/redis.log")"
}

# Keys are any; like the real ones it hands nothing to somebody without. What is stored is in memory.
start_s3() {
  local port=$1 python="${PUFA_VENV:-.venv}/bin/python"
  "$python" -c 'import moto.server' 2>"$folder/s3.log" || fail "moto is missing in ${PUFA_VENV:-.venv}: run 'make test' once, which installs it."
  "$python" -m moto.server -H 127.0.0.1 -p "$port" >"$folder/s3.log" 2>&1 &
  s3_pid=$!
  for _ in $(seq 300); do
    python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null && return
    kill -0 "$s3_pid" 2>/dev/null || break
    sleep 0.1
  done
  fail "The S3 server did not start: $(tail -n 3 "$folder/s3.log")"
}

stop_all() {
  [ -n "${s3_pid:-}" ] && kill "$s3_pid" 2>/dev/null || true
  [ -n "${redis_pid:-}" ] && kill "$redis_pid" 2>/dev/null || true
  [ -s "$folder/pg/postmaster.pid" ] && as_postgres "$pg/pg_ctl" -D "$folder/pg" -m immediate -w stop >/dev/null || true
  rm -rf "$folder"
}

[ $# -gt 0 ] || fail "usage: scripts/services.sh COMMAND [ARGUMENT …]"
folder=$(mktemp -d "${TMPDIR:-/tmp}/pufa-services.XXXXXX")
trap stop_all EXIT
trap 'exit 130' INT TERM
install_missing
pg=$(pg_bin)
pg_port=$(free_port) redis_port=$(free_port) s3_port=$(free_port) password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
start_postgres "$pg_port" "$password"
start_redis "$redis_port" "$password"
start_s3 "$s3_port"
echo "PostgreSQL $("$pg/postgres" --version | grep -oE '[0-9]+\.[0-9]+' | head -n 1), $(redis-server --version | grep -oE 'v=[0-9.]+' | sed 's/v=/Redis /') and moto's S3 are up."
export PUFA_TEST_S3="http://127.0.0.1:$s3_port"
export PUFA_DATABASE_URL="postgres://pufa:$password@127.0.0.1:$pg_port/pufa"
export PUFA_REDIS_URL="redis://:$password@127.0.0.1:$redis_port/0"
PUFA_TEST_NGINX=$(nginx_program)
export PUFA_TEST_NGINX
"$@"
