#!/bin/bash
# The first start of a data folder, as the official image does it: POSTGRES_PASSWORD (required), POSTGRES_USER,
# POSTGRES_DB, POSTGRES_INITDB_ARGS, then /docker-entrypoint-initdb.d/*.{sql,sh} in name order.
set -euo pipefail

if [ "${1:-}" != postgres ] || [ -s "$PGDATA/PG_VERSION" ]; then exec "$@"; fi

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
if [ -z "${POSTGRES_PASSWORD:-}" ]; then
  echo "POSTGRES_PASSWORD must be set for the first start of a data folder, got nothing" >&2
  exit 1
fi

# Prepared beside its place where that can be written: killed midway, it starts over instead of half a database.
fresh=$PGDATA
if [ -w "$(dirname "$PGDATA")" ] && ! mountpoint --quiet "$PGDATA"; then
  fresh=$PGDATA.fresh
  rm -rf "$fresh"
fi
# shellcheck disable=SC2086 # several arguments
initdb --pgdata="$fresh" --username="$user" --pwfile=<(printf '%s' "$POSTGRES_PASSWORD") \
  --auth-local=trust --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
echo "host all all all scram-sha-256" >>"$fresh/pg_hba.conf"
echo "listen_addresses = '*'" >>"$fresh/postgresql.conf"

socket=$(mktemp --directory)
pg_ctl --pgdata="$fresh" --wait --options="-c listen_addresses='' -c unix_socket_directories='$socket'" start
sql=(psql --host="$socket" --username="$user" --no-password --set=ON_ERROR_STOP=1)
[ "$database" = postgres ] || echo 'CREATE DATABASE :"name"' | "${sql[@]}" --dbname=postgres --set=name="$database"
for file in /docker-entrypoint-initdb.d/*; do
  case $file in
    *.sql) "${sql[@]}" --dbname="$database" --file="$file" ;;
    *.sh) PGHOST=$socket bash "$file" ;;
  esac
done
pg_ctl --pgdata="$fresh" --wait --mode=fast stop
rm -rf "$socket"

if [ "$fresh" != "$PGDATA" ]; then
  [ ! -d "$PGDATA" ] || rmdir "$PGDATA"
  mv "$fresh" "$PGDATA"
fi
exec "$@"
