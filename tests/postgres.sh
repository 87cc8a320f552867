#!/usr/bin/env bash
# postgres.sh COMMAND…: run COMMAND with DATABASE_URL on a PostgreSQL cluster made for the occasion, then removed.
# Debian's postgresql package, an unprivileged owner, a socket in a temporary folder, no TCP, no durability.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")
if [ ! -x "$bin/initdb" ]; then
  echo "postgres.sh : PostgreSQL n’est pas installé (sous Debian : apt install postgresql)." >&2
  exit 69
fi
export PATH="$bin:$PATH"

folder=$(mktemp -d "${TMPDIR:-/tmp}/dentelle-pg.XXXXXX")
as_owner=()
if [ "$(id -u)" = 0 ]; then
  # initdb refuses root: the cluster belongs to Debian's postgres account, or to nobody
  owner=$(id -un postgres 2>/dev/null || echo nobody)
  chown "$owner" "$folder"
  as_owner=(setpriv "--reuid=$owner" "--regid=$(id -g "$owner")" --clear-groups env "HOME=$folder")
fi
chmod 711 "$folder"

clean() {
  (cd / && "${as_owner[@]}" pg_ctl -D "$folder/data" -m immediate -w stop >/dev/null 2>&1) || true
  rm -rf "$folder"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

( cd /
  "${as_owner[@]}" initdb -D "$folder/data" -U dentelle --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 &&
  "${as_owner[@]}" pg_ctl -D "$folder/data" -w -l "$folder/data/server.log" start -o "-c listen_addresses='' -k '$folder' \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100" >>"$folder/log" 2>&1
) || { cat "$folder/log" "$folder/data/server.log" >&2 2>/dev/null; exit 1; }
createdb -h "$folder" -U dentelle dentelle

export DATABASE_URL="postgres://dentelle@/$folder/dentelle"
echo "→ $(postgres --version), socket dans $folder" >&2
"$@"
