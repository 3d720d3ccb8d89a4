#!/bin/sh
# Debian's Chromium and Node for the tests in a real browser: installed where they are missing and may be.
set -eu
browser="${CHROMIUM:-/usr/bin/chromium}"
missing=""
[ -x "$browser" ] || missing="chromium"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
[ -n "$missing" ] || exit 0

become=""
[ "$(id -u)" -eq 0 ] || become="sudo -n"
# $missing and $become are lists of words on purpose.
# shellcheck disable=SC2086
if command -v apt-get >/dev/null 2>&1 && { [ -z "$become" ] || command -v sudo >/dev/null 2>&1; }; then
	echo "De tests in een echte browser hebben nodig:$(printf ' %s' $missing). Dat wordt nu geïnstalleerd." >&2
	$become apt-get update -qq && DEBIAN_FRONTEND=noninteractive $become apt-get install -y -qq --no-install-recommends $missing >/dev/null || true
fi
if [ -x "$browser" ] && command -v npm >/dev/null 2>&1; then
	exit 0
fi
echo "Voor de tests in een echte browser ontbreekt:$(printf ' %s' $missing)." >&2
echo "Installeer het (apt-get install $missing) of noem een browser in CHROMIUM." >&2
echo "Zonder browser testen: WERKMONITOR_ZONDER_BROWSER=1 make test." >&2
exit 2
