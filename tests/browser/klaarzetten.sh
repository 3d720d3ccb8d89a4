#!/bin/sh
# Puts ready what the tests in a real browser need: Debian's Chromium and Node where they are missing and may be installed, and
# two packages of npm. Ends with 0 when everything is there, 75 when it is not to be had here (no rights, no network), and
# anything else when something is wrong. The messages are read by who runs `make test` or `make browser`, hence Dutch.
set -eu
cd "$(dirname "$0")"
browser="${CHROMIUM:-/usr/bin/chromium}"
missing=""
[ -x "$browser" ] || missing="chromium"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"

if [ -n "$missing" ]; then
	become=""
	[ "$(id -u)" -eq 0 ] || become="sudo -n"
	# $missing and $become are lists of words on purpose.
	# shellcheck disable=SC2086
	if command -v apt-get >/dev/null 2>&1 && { [ -z "$become" ] || command -v sudo >/dev/null 2>&1; }; then
		echo "De tests in een echte browser hebben nodig:$(printf ' %s' $missing). Dat wordt nu geïnstalleerd." >&2
		# A wall that swallows requests without a word must not hold the other tests up.
		timeout 120 $become apt-get update -qq >&2 &&
			DEBIAN_FRONTEND=noninteractive timeout 300 $become apt-get install -y -qq --no-install-recommends $missing >/dev/null || true
	fi
	if [ ! -x "$browser" ] || ! command -v npm >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		echo "Voor de tests in een echte browser ontbreekt:$(printf ' %s' $missing). Installeer het (apt-get install $missing), of noem een browser in CHROMIUM." >&2
		exit 75
	fi
fi

if [ node_modules/.klaar -nt package-lock.json ] && [ node_modules/.klaar -nt package.json ]; then
	exit 0
fi
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
if ! npm ci --no-audit --no-fund --loglevel=error >"$log" 2>&1; then
	cat "$log" >&2
	# A network that fails now and then is no fault of ours, even when it answers the next question.
	if ! grep -Eq "code (E[A-Z]*TIMEDOUT|EAI_AGAIN|ECONN[A-Z]+|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|E429|E5[0-9][0-9])" "$log" &&
		npm ping --fetch-retries=0 >/dev/null 2>&1; then
		echo "npm ci in tests/browser mislukte, terwijl de npm-registry bereikbaar is: kloppen package.json en package-lock.json?" >&2
		exit 1
	fi
	echo "De pakketten van de browsertests zijn niet op te halen: de npm-registry is niet bereikbaar." >&2
	exit 75
fi
touch node_modules/.klaar
