#!/bin/bash
# Makes the database folder at the first start, runs what is in /docker-entrypoint-initdb.d, and
# becomes the server. Environment: POSTGRES_USER (postgres), POSTGRES_PASSWORD or
# POSTGRES_PASSWORD_FILE, POSTGRES_DB (the user's name), POSTGRES_INITDB_ARGS, PGDATA.
set -euo pipefail

fail() { echo "docker-entrypoint: $*" >&2; exit 1; }

password_or_fail() {
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
    POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE")
  fi
  [ -n "${POSTGRES_PASSWORD:-}" ] || fail "set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE"
}

# On the socket alone: nobody from outside takes it for the finished server.
begin_local_server() {
  pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" \
    -s -w start
}

run_scripts() {
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh) echo "docker-entrypoint: running $script"; bash "$script" ;;
      *.sql)
        echo "docker-entrypoint: running $script"
        psql -v ON_ERROR_STOP=1 -X -q -U "$POSTGRES_USER" -d "$POSTGRES_DB" -f "$script"
        ;;
    esac
  done
}

# A folder half made would be taken for a whole one at the next start.
remove_unfinished() {
  pg_ctl -D "$PGDATA" -s -m immediate -w stop 2>/dev/null || true
  find "$PGDATA" -mindepth 1 -delete
}

make_database() {
  password_or_fail
  trap remove_unfinished EXIT
  export POSTGRES_USER=${POSTGRES_USER:-postgres}
  export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER} PGPASSWORD=$POSTGRES_PASSWORD
  # shellcheck disable=SC2086
  initdb -D "$PGDATA" -U "$POSTGRES_USER" --auth-local=trust --auth-host=scram-sha-256 \
    --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-}
  printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  printf "\nlisten_addresses = '*'\nunix_socket_directories = '/var/run/postgresql'\n" >>"$PGDATA/postgresql.conf"
  begin_local_server
  if [ "$POSTGRES_DB" != postgres ]; then
    psql -v ON_ERROR_STOP=1 -X -q -U "$POSTGRES_USER" -d postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
  fi
  run_scripts
  pg_ctl -D "$PGDATA" -s -m fast -w stop
  unset PGPASSWORD
  trap - EXIT
}

[ "${1:0:1}" != - ] || set -- postgres "$@"
if [ "$1" = postgres ]; then
  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA" 2>/dev/null || true
  [ -s "$PGDATA/PG_VERSION" ] || make_database
fi
exec "$@"
