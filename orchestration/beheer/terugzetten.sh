#!/usr/bin/env bash
# Zet een reservekopie terug in een nieuwe map (werk en releases), en kijkt of elke release heel is. Er wordt nooit over
# bestaande mappen heen geschreven: verhuis die eerst zelf.
#
#   terugzetten.sh /mnt/reserve/werkmonitor-20260115T030000Z.tar.gz /srv/werkmonitor-terug
#
# ONTSLEUTEL: opdracht die een versleutelde kopie leesbaar maakt, bijvoorbeeld 'age -d -i sleutel.txt'.
set -euo pipefail
umask 077
copy=${1:?Gebruik: terugzetten.sh <kopie> <nieuwe map>}
target=${2:?Gebruik: terugzetten.sh <kopie> <nieuwe map>}
bin=${BIN:-$(cd "$(dirname "$0")/../.." && pwd)/.venv/bin}
[[ -f $copy ]] || { echo "De kopie $copy bestaat niet." >&2; exit 2; }
[[ ! -e $target ]] || { echo "$target bestaat al. Kies een nieuwe map; er wordt niets overschreven." >&2; exit 2; }
if [[ -f $copy.sha256 ]]; then
    (cd "$(dirname "$copy")" && sha256sum --quiet -c "$(basename "$copy").sha256") || { echo "De kopie $copy is beschadigd. Neem een andere." >&2; exit 1; }
else
    echo "Er is geen $copy.sha256; of de kopie heel is, blijkt pas bij het uitpakken." >&2
fi
half="$target.bezig-$$"
mkdir -p "$half"
trap 'rm -rf "$half"' EXIT
eval "${ONTSLEUTEL:-cat}" < "$copy" | tar --extract --gzip --no-same-owner -C "$half" || { echo "De kopie $copy is niet uit te pakken. Is zij versleuteld (ONTSLEUTEL)?" >&2; exit 1; }

"$bin/python" - "$half/releases" <<'PY'
import sys
from pathlib import Path

from werkmonitor.core.release_store import RELEASE_ID, verify

root = Path(sys.argv[1])
found = [path for path in sorted(root.iterdir()) if path.is_dir() and RELEASE_ID.fullmatch(path.name) and not path.is_symlink()]
problems = [problem for path in found for problem in verify(path)]
if (root / "current").is_symlink() and not (root / "current" / "manifest.json").is_file():
    problems.append("current wijst naar een release die er niet is")
print("\n".join(problems) or f"{len(found)} {'release is' if len(found) == 1 else 'releases zijn'} heel.")
sys.exit(1 if problems else 0)
PY
mv "$half" "$target"
echo "Teruggezet in $target. Laat landing, werkmap en releases in werkmonitor.toml naar de goede mappen wijzen, zet de sleutel"
echo "terug, en draai: werkmonitor status; werkmonitor run"
