#!/usr/bin/env bash
# Proef: kloppen de diensten, en heeft elke nacht precies één tik, ook als de klok verspringt? Nodig: systemd-analyze.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# systemd-analyze wil dat de programma's bestaan; hier staan zij niet in /opt.
for unit in werkmonitor*.service werkmonitor.timer; do
    sed -e 's|/opt/werkmonitor/.venv/bin/[a-z-]*|/bin/true|' -e 's|^User=.*|User=root|' -e 's|^Group=.*|Group=root|' "$unit" > "$work/$unit"
done
systemd-analyze verify "$work"/werkmonitor*.service "$work/werkmonitor.timer"

ticks() { # de tikken van drie jaar volgens een regel van de timer, als datum in Amsterdam
    systemd-analyze calendar --base-time='2025-12-31 12:00:00 UTC' --iterations="$2" "$1" \
        | sed -nE 's/.*(Next elapse|Iter\. #[0-9]+): [A-Za-z]+ (.*) UTC$/\2/p' \
        | while read -r moment; do TZ=Europe/Amsterdam date -d "$moment UTC" +%F; done
}
mapfile -t rules < <(sed -n 's/^OnCalendar=//p' werkmonitor.timer)
{ ticks "${rules[0]}" 1100; ticks "${rules[1]}" 3; } | awk '$0 < "2029-01-01"' | sort > "$work/nachten"
day=2026-01-01
while [[ $day < 2029-01-01 ]]; do echo "$day"; day=$(date -u -d "$day + 1 day" +%F); done > "$work/dagen"
diff "$work/dagen" "$work/nachten"
echo "In orde: $(wc -l < "$work/dagen") nachten van drie jaar, elk precies één tik."
