#!/usr/bin/env bash
# Reservekopie van werkmap en releases, in één bestand met zijn sha256 ernaast. Wacht tot er geen nacht loopt en houdt het
# slot vast zolang het kopiëren duurt, zodat wat bewaard wordt bij elkaar hoort.
#
#   WERKMONITOR_CONFIG=/etc/werkmonitor/werkmonitor.toml reservekopie.sh /mnt/reserve
#
# BEWAAR (14): zoveel kopieën blijven staan. VERSLEUTEL: opdracht die de kopie versleutelt, bijvoorbeeld 'age -r age1...';
# zonder die opdracht hoort de doelmap versleuteld te zijn, want in de werkmap staan persoonsgegevens (met pseudoniem).
# Niet in de kopie: de sleutel (bewaar haar apart, anders zijn kopie en sleutel samen kwijt of samen gestolen), de landing
# (is van de bronhouders) en de instellingen (horen in versiebeheer).
set -euo pipefail
umask 077
target=${1:?Gebruik: reservekopie.sh <doelmap>}
bin=${BIN:-$(cd "$(dirname "$0")/../.." && pwd)/.venv/bin}
keep=${BEWAAR:-14}
[[ $keep =~ ^[1-9][0-9]*$ ]] || { echo "BEWAAR=$keep is geen aantal" >&2; exit 2; }

paths=$("$bin/python" -c '
import os, sys
from werkmonitor.core.types import WerkmonitorError
from werkmonitor.settings import load_settings
try:
    monitor = load_settings(None, os.environ).monitor
except WerkmonitorError as error:
    sys.exit(str(error))
print(monitor.werkmap, monitor.releases, sep="\n")
')
werkmap=$(sed -n 1p <<< "$paths")
releases=$(sed -n 2p <<< "$paths")
for folder in "$werkmap" "$releases"; do
    [[ -d $folder ]] || { echo "De map $folder bestaat niet; er is nog niets om te bewaren." >&2; exit 2; }
done
mkdir -p "$target"
name="werkmonitor-$(date -u +%Y%m%dT%H%M%SZ).tar.gz${VERSLEUTEL:+.versleuteld}"
half="$target/.bezig-$name"
trap 'rm -f "$half"' EXIT

# Hetzelfde slot als een nacht: een nacht die nu begint, krijgt te horen dat er iets bezig is.
exec 9<> "$werkmap/slot"
flock -w "${WACHT:-7200}" 9 || { echo "Er loopt een run in $werkmap die niet eindigt; er is geen kopie gemaakt." >&2; exit 1; }
printf '{"pid": %d, "sinds": "%s"}' $$ "$(date +%Y-%m-%dT%H:%M:%S%:z) (reservekopie)" > "$werkmap/slot"

tar --create --gzip --exclude='.bezig-*' --exclude='.weg-*' --exclude=slot --exclude=.slot --exclude='*.slot' \
    --transform="flags=r;s|^$(basename "$werkmap")\(/\|\$\)|werk\1|" \
    --transform="flags=r;s|^$(basename "$releases")\(/\|\$\)|releases\1|" \
    -C "$(dirname "$werkmap")" "$(basename "$werkmap")" -C "$(dirname "$releases")" "$(basename "$releases")" \
    | eval "${VERSLEUTEL:-cat}" > "$half"
sync "$half"
mv "$half" "$target/$name"
(cd "$target" && sha256sum "$name" > "$name.sha256")
flock -u 9

# De oudste gaan weg; ook een bewaartermijn geldt in een kopie.
find "$target" -maxdepth 1 -name 'werkmonitor-*.tar.gz*' ! -name '*.sha256' -printf '%f\n' | sort -r | tail -n +$((keep + 1)) \
    | while read -r old; do rm -f "$target/$old" "$target/$old.sha256"; done
echo "Bewaard: $target/$name ($(du -h "$target/$name" | cut -f1))"
