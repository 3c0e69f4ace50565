# Shared by install, start, stop, record. Everything of the oracle lives under $ORACLE, outside the repository.
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ORACLE="${NETBOX_ORACLE:-/var/tmp/oracle}"
VERSION=4.7.3
# Several recordings at once: each instance has a port, a database and Redis databases of its own.
export NETBOX_ORACLE_INSTANCE="${NETBOX_ORACLE_INSTANCE:-0}"
HTTP_PORT=$((8399 + 10 * NETBOX_ORACLE_INSTANCE))
DB="netbox$NETBOX_ORACLE_INSTANCE"
PG_PORT=5599
REDIS_PORT=6399
SITE="$ORACLE/venv/lib/python3.12/site-packages"
export NETBOX_ROOT="$ORACLE/root"
say() { echo "netbox-oracle: $*"; }
die() { echo "netbox-oracle: $*" >&2; exit 1; }

pg_bin() {
    local dir
    for dir in /usr/lib/postgresql/*/bin; do [ -x "$dir/initdb" ] && { echo "$dir"; return; }; done
    die "no PostgreSQL here: tools/setup run installs it"
}
as_pg() { # PostgreSQL refuses to run as root
    if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); else "$@"; fi
}
psql_() { as_pg "$(pg_bin)/psql" -X -q -h "$ORACLE/run" -p "$PG_PORT" -U netbox "$@"; }

start_stores() {
    if ! as_pg "$(pg_bin)/pg_ctl" -D "$ORACLE/pg" status >/dev/null 2>&1; then
        as_pg "$(pg_bin)/pg_ctl" -D "$ORACLE/pg" -w -s -l "$ORACLE/run/pg.log" start
    fi
    if ! redis-cli -p "$REDIS_PORT" ping >/dev/null 2>&1; then
        redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no --daemonize yes \
            --dir "$ORACLE/run" --pidfile "$ORACLE/run/redis.pid" --logfile "$ORACLE/run/redis.log" >/dev/null
    fi
}
stop_pid() { # file
    local pid
    [ -s "$1" ] || return 0
    pid="$(cat "$1")"
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    rm -f "$1"
}
