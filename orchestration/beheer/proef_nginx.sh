#!/usr/bin/env bash
# Proef: laten de twee voorbeelden van nginx alleen binnen wie is aangemeld, en is verder niets te zien? Start een echte
# nginx in een eigen map, met nagemaakte achterkanten. Nodig: nginx, openssl, curl, python3 (apt-get install nginx-light).
#   proef_nginx.sh                      met een nagemaakte release
#   proef_nginx.sh voorbeeld/releases   met echte releases: volgt elke link van elke pagina
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
if [[ -n ${1:-} ]]; then
    cp -aL "$1/current" "$work/releases/current"
    cp "$1/latest.json" "$work/releases/"
    chmod -R a+rX "$work/releases"
else
    release=$work/releases/2025-12-31-aaaaaaaaaaaa
    mkdir -p "$release/rapport" "$release/site/gemeenten" "$release/site/verkennen/_app/immutable"
    echo '<h1>Monitor</h1><a href="../reeksen.csv">x</a><a href="gemeenten/GM0001.html">x</a><a href="verkennen/">x</a>' > "$release/site/index.html"
    echo '<a href="../../rapport/a.pdf">x</a><a href="../index.html">x</a>' > "$release/site/gemeenten/GM0001.html"
    echo '<script src="./_app/immutable/a.js"></script>' > "$release/site/verkennen/index.html"
    echo 'let a;' > "$release/site/verkennen/_app/immutable/a.js"
    gzip -k "$release/site/verkennen/_app/immutable/a.js"
    echo 'indicator_id,waarde' > "$release/reeksen.csv"
    echo '%PDF-1.7' > "$release/rapport/a.pdf"
    echo '{}' > "$work/releases/latest.json"
    ln -s 2025-12-31-aaaaaaaaaaaa "$work/releases/current"
fi
echo 'geheim' | tee "$work/werk/waivers.json" > "$work/releases/.slot"
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

start() { # een voorbeeld, zo nodig onder een pad, met de paden en poorten van deze proef
    [[ -f $work/nginx.pid ]] && { kill -QUIT "$(cat "$work/nginx.pid")"; while [[ -f $work/nginx.pid ]]; do sleep 0.1; done; }
    sed -e "s|/srv/werkmonitor|$work|; s|/etc/ssl/werkmonitor.pem|$work/cert.pem|; s|/etc/ssl/private/werkmonitor.key|$work/sleutel.pem|" \
        -e "s|/etc/nginx/werkmonitor\.|$work/|; s|listen 80;|listen 127.0.0.1:$http;|; s|listen 443 ssl;|listen 127.0.0.1:$https ssl;|" \
        -e "s|127.0.0.1:3000|127.0.0.1:$dagster|; s|127.0.0.1:4180|127.0.0.1:$oauth|" \
        -e "s|snippets/werkmonitor-release.conf|$work/release.conf|" "$here/$1" > "$work/voorbeeld.conf"
    sed -E "s#(location = |location \^~ |return 302 )/#\1${2:-}/#g; s|/srv/werkmonitor|$work|" "$here/nginx-release.conf" > "$work/release.conf"
    cat > "$work/nginx.conf" <<CONF
pid $work/nginx.pid;
error_log $work/fouten.log;
events {}
http {
    include /etc/nginx/mime.types;
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
header() { curl -sk -o /dev/null -D - "${@:2}" | tr -d '\r' | awk -F': ' -v name="$1" 'tolower($1) == name { print $2 }'; }

# Volgt vanaf de voorpagina elke link en elk bestand waar een pagina om vraagt, zoals een browser ze oplost.
cat > "$work/volg.py" <<'PY'
import re, ssl, sys, urllib.error, urllib.request
from urllib.parse import urljoin, urldefrag

start, sign_in = sys.argv[1], {sys.argv[2]: sys.argv[3]}
context = ssl._create_unverified_context()
todo, seen, wrong = [start], set(), []
while todo:
    address = todo.pop()
    if address in seen or not address.startswith(start.split("current/")[0]):
        continue
    seen.add(address)
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=sign_in), context=context) as answer:
            kind, text = answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        wrong.append(f"{error.code} {address}")
        continue
    if kind == "text/html":
        found = re.findall(r'(?:href|src|data-laatste)="([^"]+)"', text.decode())
        todo += [urldefrag(urljoin(address, one))[0].split("?")[0] for one in found if not one.startswith("data:")]
print(f"{len(seen)} adressen, {len(wrong)} fout", *wrong[:10])
sys.exit(bool(wrong))
PY

echo "1. nginx-werkmonitor.conf"
start nginx-werkmonitor.conf
expect "http gaat naar https" 301 "$(code "http://127.0.0.1:$http/")"
expect "zonder aanmelding" 401 "$(code "$site/current/site/")"
expect "verkeerd wachtwoord" 401 "$(code -u jansen:mis "$site/current/site/")"
expect "de voordeur wijst naar de site" /current/site/ "$(header location "$site/")"
expect "aangemeld" 200 "$(code -u jansen:geheim1 "$site/current/site/")"
for path in /current/site/ /current/reeksen.csv /current/rapport/ /latest.json; do
    expect "zonder aanmelding geen $path" 401 "$(code "$site$path")"
done
expect "gegevens" 200 "$(code -u jansen:geheim1 "$site/current/reeksen.csv")"
expect "latest.json" 200 "$(code -u jansen:geheim1 "$site/latest.json")"
expect "een volgende release is meteen te zien" no-cache "$(header cache-control -u jansen:geheim1 "$site/current/site/")"
expect "de kopregels van de server blijven" nosniff "$(header x-content-type-options -u jansen:geheim1 "$site/current/site/")"
script=$(cd "$work/releases/current/site" && find verkennen/_app/immutable -name '*.js.gz' | sort | head -1)
if [[ -n $script ]]; then
    size=$(stat -c %s "$work/releases/current/site/$script")
    expect "het bestand dat al verkleind is, komt zo" "gzip $size" \
        "$(header content-encoding -u jansen:geheim1 -H 'Accept-Encoding: gzip' "$site/current/site/${script%.gz}") $(curl -sk -o /dev/null -w '%{size_download}' \
            -u jansen:geheim1 -H 'Accept-Encoding: gzip' "$site/current/site/${script%.gz}")"
fi
echo "   elke link: $(python3 "$work/volg.py" "$site/current/site/" Authorization "Basic $(printf jansen:geheim1 | base64)")"
for path in /current/ /current/../.slot /current../.slot /.slot /../werk/waivers.json /werk/waivers.json /current/%2e%2e/.slot; do
    got=$(curl -sk --path-as-is -u jansen:geheim1 "$site$path" | grep -c geheim || true)
    expect "niets te zien op $path" 0 "$got"
done
expect "Dagster is niet voor wie geen beheerder is" 401 "$(code -u jansen:geheim1 "$site/dagster/")"
expect "Dagster krijgt de aanmeldnaam van nginx, en geen wachtwoord" "beheer None" \
    "$(curl -sk -u beheer:geheim2 -H 'X-Werkmonitor-Gebruiker: directeur' "$site/dagster/")"

echo "2. onder een pad"
start nginx-werkmonitor.conf /monitor
expect "de voordeur wijst naar de site" /monitor/current/site/ "$(header location "$site/monitor/")"
expect "zonder aanmelding" 401 "$(code "$site/monitor/current/site/")"
echo "   elke link: $(python3 "$work/volg.py" "$site/monitor/current/site/" Authorization "Basic $(printf jansen:geheim1 | base64)")"

echo "3. nginx-oidc.conf"
start nginx-oidc.conf
expect "zonder aanmelding naar de aanmeldpagina" "/oauth2/start?rd=https://127.0.0.1/current/site/" "$(header location "$site/current/site/")"
expect "zonder aanmelding geen gegevens" 302 "$(code "$site/current/reeksen.csv")"
echo "   elke link: $(python3 "$work/volg.py" "$site/current/site/" Cookie _oauth2_proxy=devries)"
expect "de vraag aan oauth2-proxy is niet van buiten te stellen" 404 "$(code "$site/oauth2/auth")"
expect "Dagster zonder aanmelding" 302 "$(code "$site/dagster/")"
expect "Dagster is niet voor wie geen beheerder is" 403 "$(code -b _oauth2_proxy=devries "$site/dagster/")"
expect "Dagster krijgt de aanmeldnaam" "jansen None" \
    "$(curl -sk -b _oauth2_proxy=jansen -H 'X-Werkmonitor-Gebruiker: directeur' "$site/dagster/")"
echo "In orde."
