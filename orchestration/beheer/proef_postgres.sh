#!/usr/bin/env bash
# Proef: Dagster op PostgreSQL, echt gestart. Maakt in een eigen map een database en een voorbeeldorganisatie, start daemon
# en pagina's met dagster-postgres.yaml, ziet het schema tikken en een nacht slagen, en ruimt alles op.
# Nodig: PostgreSQL (apt-get install postgresql) en een klare .venv. Duurt een paar minuten. Blijft bij een fout de map
# bewaard (BEWAAR=1), dan staan daar de logboeken.
set -euo pipefail
project=$(cd "$(dirname "$0")/../.." && pwd)
bin="$project/.venv/bin"
pg_bin=${PG_BIN:-$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)}
[[ -x $pg_bin/initdb ]] || { echo "PostgreSQL is niet gevonden. Installeer het: apt-get install postgresql" >&2; exit 2; }
work=$(mktemp -d)
chmod 755 "$work"
children=()

finish() {
    for child in "${children[@]}"; do kill -TERM "$child" 2>/dev/null || true; done
    for child in "${children[@]}"; do wait "$child" 2>/dev/null || true; done
    # Daemon en pagina's starten zelf processen die hen overleven: ieder heeft een eigen groep.
    for child in "${children[@]}"; do kill -KILL -- "-$child" 2>/dev/null || true; done
    [[ -d $work/pg ]] && as_postgres "$pg_bin/pg_ctl" -D "$work/pg" -m fast -w stop > /dev/null 2>&1 || true
    [[ -n ${BEWAAR:-} ]] && echo "Bewaard: $work" || rm -rf "$work"
}
trap finish EXIT

# PostgreSQL weigert te draaien als root.
as_postgres() { if [[ $(id -u) == 0 ]]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi; }
free_port() { "$bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

echo "1. PostgreSQL $("$pg_bin/postgres" --version | grep -oE '[0-9]+\.[0-9]+' | head -1)"
mkdir "$work/pg"
[[ $(id -u) == 0 ]] && chown postgres "$work/pg"
password=$("$bin/python" -c 'import secrets; print(secrets.token_hex(16))')
(umask 077; printf '%s' "$password" > "$work/wachtwoord")
[[ $(id -u) == 0 ]] && chown postgres "$work/wachtwoord"
as_postgres "$pg_bin/initdb" -D "$work/pg" -U dagster -A scram-sha-256 --pwfile="$work/wachtwoord" -E UTF8 --no-locale > /dev/null
port=$(free_port)
as_postgres "$pg_bin/pg_ctl" -D "$work/pg" -w -l "$work/pg/log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" start > /dev/null
export PGPASSWORD=$password
psql -qh 127.0.0.1 -p "$port" -U dagster -d postgres -c 'create database dagster'

echo "2. Voorbeeldorganisatie"
"$bin/werkmonitor" demo "$work/organisatie" --personen 200 > /dev/null
export WERKMONITOR_CONFIG="$work/organisatie/werkmonitor.toml" WERKMONITOR_SLEUTEL_BESTAND="$work/organisatie/sleutel"
export WERKMONITOR_MONITOR__REEKS_BEGIN=2024-01-01 WERKMONITOR_OMGEVING=productie
unset WERKMONITOR_SLEUTEL

echo "3. Dagster: instance migrate, daemon, pagina's"
export DAGSTER_HOME="$work/dagster" DAGSTER_PG_HOST=127.0.0.1 DAGSTER_PG_PORT=$port DAGSTER_PG_USER=dagster DAGSTER_PG_PASSWORD=$password DAGSTER_PG_DB=dagster
mkdir "$DAGSTER_HOME"
cp "$project/orchestration/beheer/dagster-postgres.yaml" "$DAGSTER_HOME/dagster.yaml"
# De definities van productie; alleen het uur is een ander: elke minuut, anders duurt de proef tot half drie.
cat > "$work/proef_definities.py" <<'PY'
# Elke minuut is hier dezelfde nacht: zij mag maar één keer worden gestart.
from werkmonitor.definitions import JOB, build_definitions
from werkmonitor.schedules import nightly

defs = build_definitions({"schedules": [nightly(JOB, cron="* * * * *")]})
PY
export PYTHONPATH="$work"
"$bin/dagster" instance migrate > "$work/migrate.log" 2>&1
cd "$work"
setsid "$bin/dagster-daemon" run -m proef_definities > "$work/daemon.log" 2>&1 & children+=($!)
web=$(free_port)
setsid "$bin/dagster-webserver" -m proef_definities --host 127.0.0.1 --port "$web" > "$work/web.log" 2>&1 & children+=($!)

ask() { # een vraag aan de GraphQL van Dagster
    curl -s "http://127.0.0.1:$web/graphql" -H 'Content-Type: application/json' -d "{\"query\": \"$1\"}"
}
wait_for() { # omschrijving, seconden, opdracht
    local end=$((SECONDS + $2))
    until eval "$3" > /dev/null 2>&1; do
        [[ $SECONDS -lt $end ]] || { echo "Niet gezien binnen $2 s: $1" >&2; BEWAAR=1; tail -5 "$work"/*.log >&2; exit 1; }
        sleep 2
    done
    echo "   gezien: $1"
}
wait_for "de pagina's antwoorden" 240 'curl -sf "http://127.0.0.1:$web/server_info"'
wait_for "het schema staat aan" 120 'ask "{ schedulesOrError(repositorySelector: {repositoryName: \\\"__repository__\\\", repositoryLocationName: \\\"proef_definities\\\"}) { ... on Schedules { results { name scheduleState { status } } } } }" | grep -E "elke_nacht.*RUNNING"'
query() { psql -qAth 127.0.0.1 -p "$port" -U dagster -d dagster -c "$1"; }
wait_for "het schema tikte en vroeg om een nacht" 300 'query "select status from job_ticks" | grep SUCCESS'
wait_for "een nacht is geslaagd" 900 'query "select status from runs" | grep SUCCESS'
wait_for "de nacht is niet nog eens gestart" 120 'query "select tick_body from job_ticks" | grep "is al gestart"'
wait_for "de sensor zag de levering, en die run wachtte op haar beurt" 900 'query "select r.status from runs r join run_tags t on t.run_id = r.run_id where t.key = \$\$werkmonitor/aanleiding\$\$ and t.value = \$\$levering\$\$" | grep SUCCESS'
wait_for "de release staat er" 5 'test -f "$work/organisatie/releases/current/manifest.json"'
echo "4. Nachten, in PostgreSQL geteld (aanleiding, sleutel, uitkomst); nooit twee tegelijk:"
psql -qAt -F '  ' -h 127.0.0.1 -p "$port" -U dagster -d dagster -c "
    select coalesce(a.value, '-'), coalesce(k.value, '-'), r.status from runs r
    left join run_tags a on a.run_id = r.run_id and a.key = 'werkmonitor/aanleiding'
    left join run_tags k on k.run_id = r.run_id and k.key = 'dagster/run_key' order by r.id" | sed 's/^/   /'
together=$(query "
    select count(*) from runs a join runs b on a.id < b.id where a.start_time < coalesce(b.end_time, 'infinity'::float8)
    and b.start_time < coalesce(a.end_time, 'infinity'::float8)")
nights=$(query "select count(*) from run_tags where key = 'werkmonitor/nacht_van'")
[[ $nights == 1 ]] || { echo "De nacht is $nights keer gestart" >&2; exit 1; }
[[ $together == 0 ]] || { echo "Er draaiden nachten tegelijk" >&2; exit 1; }
"$bin/werkmonitor" status | sed 's/^/   /'
if grep -rl "$password" "$DAGSTER_HOME" "$work"/*.log > /dev/null 2>&1; then echo "Het wachtwoord staat in een bestand" >&2; exit 1; fi
echo "In orde: Dagster draaide op PostgreSQL, het schema tikte, de nacht is gepubliceerd."
