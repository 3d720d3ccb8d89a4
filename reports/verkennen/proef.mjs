// Looks at stamped pages in a real browser: `node proef.mjs <site> <reeksen.csv> [map voor beelden]`, where <site> holds
// verkennen/. Serves them under a base path with the compressed files, and fails on a console error, an outside request,
// a wrong figure, a filter or download that does not work, or anything serious that axe finds.
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [site, reeksen, beelden] = process.argv.slice(2);
const BASIS = '/x/y';
const SOORTEN = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.woff2': 'font/woff2', '.arrow': 'application/vnd.apache.arrow.stream' };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf-8');
const fouten = [];
let verstuurd = 0;

function eis(klopt, wat) {
	if (!klopt) fouten.push(wat);
	console.log(`${klopt ? 'goed' : 'FOUT'}  ${wat}`);
}

const server = createServer((vraag, antwoord) => {
	const pad = normalize(decodeURIComponent(new URL(vraag.url, 'http://x').pathname));
	let bestand = pad.startsWith(`${BASIS}/`) ? join(site, pad.slice(BASIS.length)) : undefined;
	if (bestand && existsSync(bestand) && statSync(bestand).isDirectory()) bestand = join(bestand, 'index.html');
	if (!bestand || !existsSync(bestand)) return antwoord.writeHead(404).end();
	const klein = existsSync(`${bestand}.gz`) ? `${bestand}.gz` : bestand;
	verstuurd += statSync(klein).size;
	antwoord.writeHead(200, { 'Content-Type': SOORTEN[extname(bestand)] ?? 'application/octet-stream', 'Content-Length': statSync(klein).size, ...(klein === bestand ? {} : { 'Content-Encoding': 'gzip' }) });
	createReadStream(klein).pipe(antwoord);
});
await new Promise((klaar) => server.listen(0, '127.0.0.1', klaar));
const adres = `http://127.0.0.1:${server.address().port}${BASIS}/verkennen/`;

/** The rows of reeksen.csv by key; its own reader, so that the check does not lean on what it checks. */
function leesCsv(tekst) {
	const rijen = [[]];
	for (const [, aangehaald, kaal, eind] of tekst.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n"]*))(,|\n|$)/g)) {
		rijen.at(-1).push(aangehaald === undefined ? kaal : aangehaald.replaceAll('""', '"'));
		if (eind === '\n') rijen.push([]);
	}
	const [kop, ...rest] = rijen.filter((rij) => rij.length > 1);
	return rest.map((rij) => Object.fromEntries(kop.map((naam, plaats) => [naam, rij[plaats]])));
}
const cijfers = leesCsv(readFileSync(reeksen, 'utf-8'));
const eigen = (rij) => rij.bron === 'eigen registratie';

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
});
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, locale: 'nl-NL' });
const buiten = [];
const klachten = [];

async function nieuwePagina(breedte = 1280) {
	const pagina = await context.newPage();
	await pagina.setViewportSize({ width: breedte, height: breedte > 600 ? 900 : 800 });
	pagina.on('console', (bericht) => ['error', 'warning'].includes(bericht.type()) && klachten.push(bericht.text()));
	pagina.on('pageerror', (fout) => klachten.push(String(fout)));
	pagina.on('request', (vraag) => !vraag.url().startsWith(adres) && !vraag.url().startsWith('blob:') && buiten.push(vraag.url()));
	return pagina;
}

async function axe(pagina, wat) {
	// Asked for over the debugging protocol, which the page's own policy does not hold back.
	const protocol = await context.newCDPSession(pagina);
	await protocol.send('Runtime.evaluate', { expression: AXE });
	const { result } = await protocol.send('Runtime.evaluate', { expression: "axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => JSON.stringify(r.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html.slice(0, 120)).slice(0, 3)])))", awaitPromise: true, returnByValue: true });
	const gevonden = JSON.parse(result.value);
	if (gevonden.length) console.log(JSON.stringify(gevonden, null, 1));
	eis(!gevonden.some(([ernst]) => ['serious', 'critical'].includes(ernst)), `axe vindt niets ernstigs op ${wat} (${gevonden.length} kleine)`);
}

const beeld = (pagina, naam) => beelden && (mkdirSync(beelden, { recursive: true }), pagina.screenshot({ path: join(beelden, `${naam}.png`), fullPage: true }));
const tabel = (pagina) => pagina.$$eval('table tbody tr', (rijen) => rijen.map((rij) => [...rij.children].map((cel) => cel.textContent.trim())));
const download = async (pagina, knop) => {
	const [bestand] = await Promise.all([pagina.waitForEvent('download'), pagina.click(knop)]);
	return readFileSync(await bestand.path(), 'utf-8');
};
const wacht = (pagina) => pagina.waitForSelector('figure.reeksen table', { timeout: 60_000 });
const rustig = (pagina, wat) => pagina.waitForFunction((tekst) => document.querySelector('figure.reeksen h2')?.textContent.includes(tekst), wat, { timeout: 20_000 });

try {
	const pagina = await nieuwePagina();
	const begin = Date.now();
	await pagina.goto(adres);
	await pagina.waitForSelector('svg.grafiek', { timeout: 60_000 });
	console.log(`eerste grafiek na ${((Date.now() - begin) / 1000).toFixed(2)} s, ${(verstuurd / 1e6).toFixed(2)} MB verstuurd`);
	eis(verstuurd < 12e6, 'eerste lading onder 12 MB');
	await beeld(pagina, 'begin');
	await axe(pagina, 'de beginpagina');

	// Every number of one view against reeksen.csv, in the table and in the download.
	await pagina.selectOption('#keuze-indicator', 'uitstroom');
	await rustig(pagina, 'Uitstroom uit de uitkering');
	const nijmegen = cijfers.find((rij) => rij.indicator_id === 'uitstroom' && rij.regio_code !== cijfers[0].regio_code && eigen(rij)).regio_code;
	await pagina.selectOption('#keuze-gebied', nijmegen);
	await pagina.selectOption('#keuze-kenmerk', 'leeftijd');
	await rustig(pagina, 'naar leeftijd');
	const csv = await download(pagina, 'text=Download deze cijfers (csv)');
	const kolommen = cijfers.filter((rij) => rij.indicator_id === 'uitstroom' && rij.regio_code === nijmegen && rij.dimensie === 'leeftijd' && eigen(rij));
	const sleutel = (rij) => JSON.stringify(Object.entries(rij).sort());
	eis(kolommen.length > 0 && JSON.stringify(leesCsv(csv).map(sleutel).sort()) === JSON.stringify(kolommen.map(sleutel).sort()), `download is gelijk aan reeksen.csv (${kolommen.length} rijen)`);
	const getoond = (await tabel(pagina)).flatMap((rij) => rij.slice(1)).filter((cel) => /^[\d.]+( |$)/.test(cel)).map((cel) => Number(cel.split(' ')[0].replaceAll('.', '')));
	const bedoeld = kolommen.filter((rij) => rij.waarde !== '').map((rij) => Number(rij.waarde));
	eis(JSON.stringify(getoond.sort()) === JSON.stringify(bedoeld.sort()), `de tabel toont dezelfde getallen (${bedoeld.length})`);
	eis((await tabel(pagina)).flat().every((cel) => cel !== ''), 'geen lege cel');
	await beeld(pagina, 'leeftijd');
	const excel = await download(pagina, 'text=Download voor Excel (csv)');
	eis(excel.startsWith('\ufeff') && excel.includes(';'), 'download voor Excel');

	// The link shows exactly the same.
	const link = pagina.url();
	const tweede = await nieuwePagina();
	await tweede.goto(link);
	await wacht(tweede);
	eis(JSON.stringify(await tabel(tweede)) === JSON.stringify(await tabel(pagina)), `de link toont hetzelfde (${new URL(link).search})`);

	// Every status that the release has is in words somewhere in its own view.
	for (const status of ['onderdrukt', 'voorlopig', 'nog_niet_meetbaar', 'niet_geleverd', 'nvt']) {
		const rij = cijfers.find((een) => een.status === status && eigen(een) && een.periode.includes('JJ') && een.dimensie !== 'maanden_sinds_uitstroom');
		if (!rij) continue;
		await tweede.goto(`${adres}?${new URLSearchParams({ indicator: rij.indicator_id.split('__')[0], definitie: `${rij.definitie_id}|${rij.bron}`, kenmerk: rij.dimensie, gebied: rij.regio_code })}`);
		await wacht(tweede);
		const cellen = (await tabel(tweede)).flat().join('|');
		const woord = { onderdrukt: 'onderdrukt', voorlopig: '(voorlopig)', nog_niet_meetbaar: 'nog niet meetbaar (vanaf', niet_geleverd: 'niet geleverd', nvt: /niet van toepassing|niemand om te volgen|nog gevolgd/ }[status];
		eis(woord instanceof RegExp ? woord.test(cellen) : cellen.includes(woord), `status ${status} staat er in woorden`);
		await beeld(tweede, status);
	}
	await tweede.goto(`${adres}?indicator=terugkeer_cif`);
	await wacht(tweede);
	await beeld(tweede, 'curve');
	await axe(tweede, 'een curve');
	await tweede.goto(`${adres}?indicator=stand_personen&naast=alle&soort=KW`);
	await wacht(tweede);
	await beeld(tweede, 'vergelijken');

	const smal = await nieuwePagina(390);
	await smal.goto(link);
	await wacht(smal);
	await beeld(smal, 'telefoon');
	eis(await smal.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'op een telefoon schuift de pagina niet opzij');
	await axe(smal, 'een telefoon');

	const voorbeeld = await nieuwePagina();
	await voorbeeld.goto(`${adres}gemeenten/`);
	await voorbeeld.waitForSelector('table.staven', { timeout: 60_000 });
	await beeld(voorbeeld, 'gemeenten');
	await axe(voorbeeld, 'de voorbeeldpagina');
	await voorbeeld.selectOption('#keuze-indicator', { index: 1 });
	await voorbeeld.waitForFunction(() => document.querySelector('figure.reeksen h2')?.textContent.startsWith('Uitkeringen'), undefined, { timeout: 20_000 });
	eis(true, 'het filter van de voorbeeldpagina werkt');
	await voorbeeld.click('nav >> text=Verkennen');
	await wacht(voorbeeld);
	eis(voorbeeld.url().startsWith(adres) && !voorbeeld.url().includes('gemeenten'), 'van de ene pagina naar de andere');
	eis(buiten.length === 0, `geen verzoek naar buiten ${buiten.slice(0, 3)}`);
	eis(klachten.length === 0, `geen klacht in de console ${klachten.slice(0, 3)}`);
} finally {
	await browser.close();
	server.close();
}
process.exitCode = fouten.length ? 1 : 0;
