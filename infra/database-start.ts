/** Where the volume of the database is mounted. */
export const databaseVolume = "/var/lib/postgresql/data";

/** What makes the first start of an empty server load a dump, as `npm run restore` leaves it on the volume. */
export const restoredDump = `${databaseVolume}/upgrade-from-backup.sql`;

/** While this is on the volume, what a restore puts back takes the place of what the one before it put back: see {@link databaseStart}. */
export const keepBefore = `${databaseVolume}/keep-before`;

/**
 * What the database's container runs: the server, on files that it makes on its first start.
 *
 * Each major version has files of its own on the volume, because none reads another's. Where others are there, the first start
 * takes a dump that the former version has left as `upgrade-from-<name>.sql`, loads it before anybody can connect, and refuses to
 * begin empty. The former version's files stay as they are: its image, deployed again, goes on with them.
 *
 * A backup that is put back is loaded in the same way, and the files of before are set aside as `.before`, in place of those that
 * the time before set aside; with {@link keepBefore}, those of before go, and what was set aside stays. A backup that does not load is
 * taken away, and the next start goes on with what was there.
 *
 * Killed at any point, the next start does the same again or goes on: what is not whole is called `.new`, what is and has not
 * begun yet is called `.next`. Until that is there, nothing of before is touched.
 */
// Not the image's own entry script: one that was killed in the middle of initdb would start half a cluster.
// `exec` makes the server process 1, which gets the image's stop signal and takes its own old lock for stale.
export const databaseStart = `volume=${databaseVolume}
bin=$(echo /usr/lib/postgresql/*/bin)
PATH=$bin:$PATH
major=$(basename "\${bin%/bin}")
export PGDATA=$volume/pgdata
[ "$major" = 15 ] || PGDATA=$volume/pgdata-$major
served=$(cat "$volume/served-by" 2>/dev/null || true)
[ -n "$served" ] || [ ! -s "$volume/pgdata/PG_VERSION" ] || served=15
# A dump of this version's own was made for another one, and what is written from now on is not in it.
rm -f "$volume/upgrade-from-$major.sql"
dump=$(ls "$volume"/upgrade-from-*.sql 2>/dev/null || true)
if [ ! -e "$PGDATA.next" ] && { [ -n "$dump" ] || [ ! -s "$PGDATA/PG_VERSION" ] || { [ -n "$served" ] && [ "$served" -lt "$major" ]; }; }; then
  if [ -z "$dump" ] && [ -n "$served" ]; then
    echo "PostgreSQL $major must find a dump of PostgreSQL $served, whose data are here, found none; deploy that version again, then npm run backup -- --upgrade" >&2
    exit 1
  fi
  rm -rf "$PGDATA.new"
  initdb --pgdata="$PGDATA.new" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \\
    --auth-local=trust --auth-host=scram-sha-256 --pwfile=<(printf '%s' "$POSTGRES_PASSWORD")
  echo "host all all all scram-sha-256" >>"$PGDATA.new/pg_hba.conf"
  if [ -n "$dump" ]; then
    pg_ctl --pgdata="$PGDATA.new" --silent --wait --timeout=86400 --options="-c listen_addresses=" start
    if ! psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres --file="$dump" >/dev/null; then
      # What was there can go on without a backup; without a dump for another version, nothing can.
      [ "$dump" != "${restoredDump}" ] || rm "$dump"
      exit 1
    fi
    pg_ctl --pgdata="$PGDATA.new" --silent --wait --timeout=86400 --mode=fast stop
  fi
  mv "$PGDATA.new" "$PGDATA.next"
fi
# Before the dump goes: without both, a new version would not begin.
if [ "$served" != "$major" ]; then
  echo "$major" >"$volume/served-by.new"
  mv "$volume/served-by.new" "$volume/served-by"
fi
[ -z "$dump" ] || rm -f "$dump"
if [ -e "$PGDATA.next" ]; then
  if [ -e "${keepBefore}" ] && [ -e "$PGDATA.before" ]; then
    rm -rf "$PGDATA"
  elif [ -e "$PGDATA" ]; then
    rm -rf "$PGDATA.before"
    mv "$PGDATA" "$PGDATA.before"
  fi
  mv "$PGDATA.next" "$PGDATA"
fi
# What another version has loaded and not begun with lacks what is written from now on.
rm -rf "$volume"/pgdata*.next "${keepBefore}"
# What holds writing up for an upgrade ends with the server that it was for.
sed -i '/^default_transaction_read_only /d' "$PGDATA/postgresql.auto.conf"
exec postgres -c listen_addresses='*' -c shared_buffers=64MB
`;
