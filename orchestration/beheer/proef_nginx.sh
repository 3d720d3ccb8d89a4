#!/usr/bin/env bash
# Proef: laten de twee voorbeelden van nginx alleen binnen wie is aangemeld, en is verder niets te zien? Start een echte
# nginx in een eigen map, met nagemaakte achterkanten. Nodig: nginx, openssl, curl, python3 (apt-get install nginx-light).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
chmod 755 "$work"
children=()
finish() {
    [[ -f $work/nginx.pid ]] && kill -TERM "$(cat "$work/nginx.pid")" 2>/dev/null || true
    for child in "${children[@]}"; do kill -TERM "$child" 2>/dev/null || true; wait "$child" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
http=$(free_port) https=$(free_port) dagster=$(free_port) oauth=$(free_port)

# Een release zoals de monitor haar neerzet, met iets ernaast dat niemand mag zien.
mkdir -p "$work/releases/2025-12-31-aaaaaaaaaaaa/site" "$work/werk"
echo '<h1>Monitor</h1>' > "$work/releases/2025-12-31-aaaaaaaaaaaa/site/index.html"
echo 'indicator_id,waarde' > "$work/releases/2025-12-31-aaaaaaaaaaaa/reeksen.csv"
echo '{}' > "$work/releases/latest.json"
echo 'geheim' | tee "$work/werk/waivers.json" > "$work/releases/.slot"
ln -s 2025-12-31-aaaaaaaaaaaa "$work/releases/current"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=monitor.voorbeeld.nl -keyout "$work/sleutel.pem" -out "$work/cert.pem" 2> /dev/null
echo "jansen:$(openssl passwd -apr1 geheim1)" > "$work/wachtwoorden"
echo "beheer:$(openssl passwd -apr1 geheim2)" > "$work/beheerders"
cat "$work/beheerders" >> "$work/wachtwoorden"

# Nagemaakt: Dagster zegt wie het ziet; oauth2-proxy gelooft elk koekje, en alleen jansen is beheerder.
cat > "$work/achter.py" <<'PY'
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Dagster(BaseHTTPRequestHandler):
    def do_GET(self):
        text = f"{self.headers.get('X-Werkmonitor-Gebruiker')} {self.headers.get('Authorization')}\n"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class Oauth(Dagster):
    def do_GET(self):
        name = self.headers.get("Cookie", "").partition("_oauth2_proxy=")[2]
        allowed = "allowed_groups" not in self.path or name == "jansen"
        self.send_response((202 if allowed else 403) if name else 401)
        if name:
            self.send_header("X-Auth-Request-Preferred-Username", name)
        self.end_headers()


kind = {"dagster": Dagster, "oauth": Oauth}[sys.argv[1]]
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), kind).serve_forever()
PY
python3 "$work/achter.py" dagster "$dagster" & children+=($!)
python3 "$work/achter.py" oauth "$oauth" & children+=($!)

start() { # een voorbeeld, met de paden en poorten van deze proef
    [[ -f $work/nginx.pid ]] && { kill -QUIT "$(cat "$work/nginx.pid")"; while [[ -f $work/nginx.pid ]]; do sleep 0.1; done; }
    sed -e "s|/srv/werkmonitor|$work|; s|/etc/ssl/werkmonitor.pem|$work/cert.pem|; s|/etc/ssl/private/werkmonitor.key|$work/sleutel.pem|" \
        -e "s|/etc/nginx/werkmonitor\.|$work/|; s|listen 80;|listen 127.0.0.1:$http;|; s|listen 443 ssl;|listen 127.0.0.1:$https ssl;|" \
        -e "s|127.0.0.1:3000|127.0.0.1:$dagster|; s|127.0.0.1:4180|127.0.0.1:$oauth|" "$here/$1" > "$work/voorbeeld.conf"
    cat > "$work/nginx.conf" <<CONF
pid $work/nginx.pid;
error_log $work/fouten.log;
events {}
http {
    types { text/html html; text/csv csv; application/json json; }
    access_log off;
    client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
    include $work/voorbeeld.conf;
}
CONF
    nginx -q -t -c "$work/nginx.conf"
    nginx -c "$work/nginx.conf"
    until [[ -f $work/nginx.pid ]]; do sleep 0.1; done
}
expect() { # wat, verwacht, gekregen
    [[ $3 == "$2" ]] || { echo "$1: verwacht '$2', gekregen '$3'" >&2; cat "$work/fouten.log" >&2; exit 1; }
    echo "   $1: $2"
}
code() { curl -sk -o /dev/null -w '%{http_code}' --path-as-is "$@"; }
site="https://127.0.0.1:$https"

echo "1. nginx-werkmonitor.conf"
start nginx-werkmonitor.conf
expect "http gaat naar https" 301 "$(code "http://127.0.0.1:$http/")"
expect "zonder aanmelding" 401 "$(code "$site/")"
expect "verkeerd wachtwoord" 401 "$(code -u jansen:mis "$site/")"
expect "aangemeld" '<h1>Monitor</h1>' "$(curl -sk -u jansen:geheim1 "$site/")"
expect "gegevens" 200 "$(code -u jansen:geheim1 "$site/gegevens/reeksen.csv")"
expect "latest.json" 200 "$(code -u jansen:geheim1 "$site/latest.json")"
for path in /gegevens/ /gegevens/../.slot /gegevens../.slot /../werk/waivers.json /werk/waivers.json /gegevens/%2e%2e/latest.json; do
    got=$(curl -sk --path-as-is -u jansen:geheim1 "$site$path" | grep -c geheim || true)
    expect "niets te zien op $path" 0 "$got"
done
expect "Dagster is niet voor wie geen beheerder is" 401 "$(code -u jansen:geheim1 "$site/dagster/")"
expect "Dagster krijgt de aanmeldnaam van nginx, en geen wachtwoord" "beheer None" \
    "$(curl -sk -u beheer:geheim2 -H 'X-Werkmonitor-Gebruiker: directeur' "$site/dagster/")"

echo "2. nginx-oidc.conf"
start nginx-oidc.conf
expect "zonder aanmelding naar de aanmeldpagina" 302 "$(code "$site/")"
expect "aangemeld" '<h1>Monitor</h1>' "$(curl -sk -b _oauth2_proxy=devries "$site/")"
expect "de vraag aan oauth2-proxy is niet van buiten te stellen" 404 "$(code "$site/oauth2/auth")"
expect "Dagster zonder aanmelding" 302 "$(code "$site/dagster/")"
expect "Dagster is niet voor wie geen beheerder is" 403 "$(code -b _oauth2_proxy=devries "$site/dagster/")"
expect "Dagster krijgt de aanmeldnaam" "jansen None" \
    "$(curl -sk -b _oauth2_proxy=jansen -H 'X-Werkmonitor-Gebruiker: directeur' "$site/dagster/")"
echo "In orde."
