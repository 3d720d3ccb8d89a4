// Looks at pages in a real browser and tells what it saw; it judges nothing (the tests in Python do).
//
//   node kijk.mjs < order.json > seen.json
//
// order: {"bezoeken": [{"naam", "adres", "wat": [...]}]}; seen: {naam: {...}}. Visits follow each other in one tab, as those of a
// reader do; one with `vers` comes in with a fresh, empty profile.
// What can be asked in `wat` stands in the table KIJKEN below; `pagina` is always told.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const PROGRAM = process.env.CHROMIUM || '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf-8');
const NORMEN = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const GEDULD = 300_000; // ms: a ceiling for a machine that is busy, never a measure
const SMAL = { width: 320, height: 640 };
const STAPPEN = 25; // of the Tab key; enough for the menu and the first figures of a page
const BREED = { width: 1280, height: 900 };

// ---- what is told of a page as it stands

/** Text, tables, headlines and links as a reader has them; texts for screen readers only are left out. */
function lees() {
	const tekst = (deel) => {
		if (!deel) return '';
		const kopie = deel.cloneNode(true);
		kopie.querySelectorAll('.onzichtbaar').forEach((een) => een.remove());
		return kopie.textContent.replace(/\s+/g, ' ').trim();
	};
	const melding = document.getElementById('melding');
	const ids = [...document.querySelectorAll('[id]')].map((deel) => deel.id);
	return {
		titel: document.title,
		taal: document.documentElement.lang,
		h1: [...document.querySelectorAll('h1')].map(tekst),
		koppen: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((kop) => Number(kop.tagName[1])),
		menu: [...document.querySelectorAll('nav a')].map(tekst),
		inleiding: tekst(document.querySelector('.inleiding')),
		melding: melding && !melding.hidden ? tekst(melding) : '',
		hoofdtekst: tekst(document.querySelector('main')),
		antwoorden: [...document.querySelectorAll('.antwoord')].map((een) => ({
			id: een.id,
			zin: tekst(een.querySelector('.zin')),
			feiten: Object.fromEntries([...een.querySelectorAll('dl > div')].map((paar) => [tekst(paar.querySelector('dt')), tekst(paar.querySelector('dd'))]))
		})),
		tabellen: [...document.querySelectorAll('table')].map((een) => ({
			figuur: een.closest('figure')?.id ?? '',
			download: een.closest('figure')?.querySelector('a[download]')?.href ?? '',
			naam: tekst(een.querySelector('caption')),
			kolommen: [...een.querySelectorAll('thead th')].map(tekst),
			rijen: [...een.querySelectorAll('tbody tr')].map((rij) => [...rij.children].map((cel) => ({ tekst: tekst(cel), soort: cel.tagName === 'TH' ? 'kop' : cel.className })))
		})),
		figuren: [...document.querySelectorAll('figure')].map((een) => ({
			id: een.id,
			zin: tekst(een.querySelector('figcaption p')),
			tabel: een.querySelector('table') !== null,
			bron: tekst(een.querySelector('.bron')),
			tekeningen: [...een.querySelectorAll('svg')].map((svg) => svg.getAttribute('aria-label') || tekst(svg.querySelector('title')))
		})),
		links: [...document.querySelectorAll('a[href]')].map((een) => een.href),
		dubbeleIds: ids.filter((id, plaats) => ids.indexOf(id) !== plaats)
	};
}

/** How much wider the page is than the screen, and what sticks out. */
function breedte() {
	const teVeel = document.documentElement.scrollWidth - window.innerWidth;
	const inEigenSchuif = (deel) => {
		for (let een = deel; een && een !== document.body; een = een.parentElement) if (getComputedStyle(een).overflowX !== 'visible') return true;
		return false;
	};
	const eruit = teVeel <= 0 ? [] : [...document.querySelectorAll('main *, header *, footer *')].filter((deel) => deel.getBoundingClientRect().right > window.innerWidth + 1 && !inEigenSchuif(deel));
	return { teVeel, eruit: eruit.slice(0, 5).map((deel) => deel.outerHTML.slice(0, 120)) };
}

/** Where the keyboard is now and whether one can see it. */
function aandacht() {
	const deel = document.activeElement;
	const vak = deel.getBoundingClientRect();
	const stijl = getComputedStyle(deel);
	return {
		wat: `${deel.tagName.toLowerCase()}${deel.id ? `#${deel.id}` : ''}${deel.className ? `.${deel.className}` : ''}`,
		tekst: deel.textContent.replace(/\s+/g, ' ').trim().slice(0, 60),
		omlijnd: stijl.outlineStyle !== 'none' && parseFloat(stijl.outlineWidth) >= 2,
		inBeeld: vak.bottom > 0 && vak.right > 0 && vak.top < window.innerHeight && vak.left < window.innerWidth && vak.width > 0 && vak.height > 0
	};
}

/** When the browser first showed something, in ms; waits for it, because a busy machine draws late. */
function eersteBeeld(geduld) {
	return new Promise((klaar) => {
		setTimeout(() => klaar(-1), geduld);
		new PerformanceObserver((lijst) => lijst.getEntriesByName('first-contentful-paint').forEach((een) => klaar(Math.round(een.startTime)))).observe({ type: 'paint', buffered: true });
	});
}

// ---- what can be asked

const KIJKEN = {
	/** axe, with every table unfolded. */
	async axe({ pagina, context }) {
		await pagina.evaluate(() => document.querySelectorAll('details').forEach((deel) => (deel.open = true)));
		return toets(pagina, context, {});
	},

	/** axe on a narrow screen. Colours are the same there: its dearest rule is left out. */
	async axeSmal({ pagina, context }) {
		await pagina.setViewportSize(SMAL);
		await pagina.evaluate(() => document.querySelectorAll('details').forEach((deel) => (deel.open = true)));
		return toets(pagina, context, { 'color-contrast': { enabled: false } });
	},

	/** 320 pixels wide (which is 1280 at 400%), as it is and with the spacing of WCAG 1.4.12. */
	async smal({ pagina }) {
		await pagina.setViewportSize(SMAL);
		await pagina.evaluate(() => document.querySelectorAll('details').forEach((deel) => (deel.open = true)));
		const gewoon = await pagina.evaluate(breedte);
		await pagina.evaluate(() => {
			const ruim = new CSSStyleSheet();
			ruim.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
			document.adoptedStyleSheets = [ruim];
		});
		const ruim = await pagina.evaluate(breedte);
		await pagina.evaluate(() => (document.adoptedStyleSheets = []));
		return { gewoon, ruim };
	},

	/** Through the page with the Tab key, to the end or to the limit, and over the skip link. To be asked first: it starts where
	 * somebody starts who comes in. */
	async toetsenbord({ pagina, bezoek }) {
		const tab = async () => {
			await pagina.keyboard.press('Tab');
			return pagina.evaluate(aandacht);
		};
		const stappen = [];
		for (let hier = await tab(); hier.wat !== 'body' && stappen.length < STAPPEN; hier = await tab()) stappen.push(hier);
		await opnieuw(pagina, bezoek);
		const eerste = await tab();
		await pagina.keyboard.press('Enter');
		const naSprong = await pagina.evaluate(aandacht);
		return { eerste, naSprong, volgende: await tab(), stappen };
	},

	/** On paper: what is gone, and whether tables that were folded up stand there. To be asked before tables are opened. */
	async afdruk({ pagina }) {
		await pagina.emulateMedia({ media: 'print' });
		const zichtbaar = () => ({
			menu: document.querySelector('nav').getClientRects().length > 0,
			kop: document.querySelector('h1').getClientRects().length > 0,
			dichteTabellen: [...document.querySelectorAll('details:not([open]) table')].map((tabel) => tabel.getBoundingClientRect().height > 0)
		});
		const gezien = await pagina.evaluate(zichtbaar);
		return { ...gezien, pdf: (await pagina.pdf({ format: 'A4' })).length };
	},

	/** Presses every download and keeps what came. */
	async downloads({ pagina }) {
		await pagina.evaluate(() => document.querySelectorAll('details').forEach((deel) => (deel.open = true)));
		const gekregen = {};
		for (const link of await pagina.$$('a[download]')) {
			const adres = await link.evaluate((deel) => deel.href);
			const [bestand] = await Promise.all([pagina.waitForEvent('download', { timeout: GEDULD }), link.click()]);
			gekregen[adres] = { naam: bestand.suggestedFilename(), inhoud: readFileSync(await bestand.path(), 'utf-8') };
		}
		return gekregen;
	},

	/** Does what a reader does, step by step as the visit says, and tells what stood there when it was asked to read. */
	async stappen({ pagina, bezoek }) {
		const gelezen = {};
		for (const stap of bezoek.stappen) {
			if (stap.kies) await pagina.selectOption(stap.kies, stap.waarde);
			if (stap.klik) await pagina.click(stap.klik);
			if (stap.kop) await pagina.waitForFunction((kop) => document.querySelector('figure h2')?.textContent.includes(kop), stap.kop);
			if (stap.rij) await pagina.waitForFunction((rij) => document.querySelector('figure tbody')?.lastElementChild.firstElementChild.textContent.trim() === rij, stap.rij);
			if (stap.cel) await pagina.waitForFunction((cel) => [...document.querySelectorAll('tbody td')].some((deel) => deel.textContent.trim().startsWith(cel)), stap.cel);
			if (stap.kolommen) await pagina.waitForFunction((aantal) => document.querySelectorAll('figure thead th').length >= aantal, stap.kolommen);
			if (stap.download) {
				const [bestand] = await Promise.all([pagina.waitForEvent('download', { timeout: GEDULD }), pagina.click(stap.download)]);
				gelezen[stap.als] = { naam: bestand.suggestedFilename(), inhoud: readFileSync(await bestand.path(), 'utf-8') };
			} else if (stap.als) {
				gelezen[stap.als] = { adres: pagina.url(), gekozen: await pagina.$$eval('select', (lijsten) => Object.fromEntries(lijsten.map((een) => [een.id, een.value]))), ...(await pagina.evaluate(lees)) };
			}
		}
		return gelezen;
	}
};

/** Asked for over the debugging protocol, which the page's own policy does not hold back. */
async function toets(pagina, context, regels) {
	const protocol = await context.newCDPSession(pagina);
	await protocol.send('Runtime.evaluate', { expression: AXE });
	const vraag = `axe.run(document, {runOnly: ${JSON.stringify(NORMEN)}, rules: ${JSON.stringify(regels)}}).then((uit) => JSON.stringify(uit.violations.map((een) => ({ ernst: een.impact, regel: een.id, waar: een.nodes.slice(0, 3).map((deel) => deel.html.slice(0, 160)) }))))`;
	const { result } = await protocol.send('Runtime.evaluate', { expression: vraag, awaitPromise: true, returnByValue: true });
	await protocol.detach();
	return JSON.parse(result.value);
}

// ---- one visit

/** On a wide screen, not on paper. Folded tables that a look has opened stay open; for a page as it was, `opnieuw`. */
async function gewoon(pagina) {
	await pagina.emulateMedia({ media: null });
	await pagina.setViewportSize(BREED);
}

/** The page as it is when somebody comes in: what was looked at before has left nothing. */
async function opnieuw(pagina, bezoek) {
	await gewoon(pagina);
	await pagina.goto(bezoek.adres);
	if (bezoek.wacht) await pagina.waitForSelector(bezoek.wacht);
}

/** A tab that tells what happens in it to the visit of that moment. */
async function tab(browser, script) {
	const context = await browser.newContext({ viewport: BREED, locale: 'nl-NL', reducedMotion: 'reduce', acceptDownloads: true, javaScriptEnabled: script });
	context.setDefaultTimeout(GEDULD);
	const pagina = await context.newPage();
	const hier = { context, pagina, gezien: undefined, laadt: false };
	await context.exposeBinding('overtreding', (_, wat) => hier.gezien.beleid.push(wat));
	await context.addInitScript(() => document.addEventListener('securitypolicyviolation', (fout) => window.overtreding(`${fout.violatedDirective} ${fout.blockedURI}`)));
	pagina.on('console', (bericht) => ['error', 'warning'].includes(bericht.type()) && hier.gezien.console.push(bericht.text()));
	pagina.on('pageerror', (fout) => hier.gezien.console.push(String(fout)));
	pagina.on('request', (vraag) => hier.gezien.verzoeken.push(vraag.url()));
	// Only while the page loads for the first time: going on to the next look breaks off what was still asked.
	pagina.on('requestfailed', (vraag) => hier.laadt && hier.gezien.mislukt.push(vraag.url()));
	pagina.on('response', (antwoord) => antwoord.status() >= 400 && hier.gezien.mislukt.push(antwoord.url()));
	return hier;
}

const tabs = new Map();

/** A fresh and empty profile for who asks for it; else the tab in which the visit before was, which costs far less. */
async function tabVoor(browser, bezoek) {
	const script = bezoek.script ?? true;
	if (bezoek.vers) return tab(browser, script);
	if (!tabs.has(script)) tabs.set(script, await tab(browser, script));
	return tabs.get(script);
}

async function ga(browser, bezoek) {
	const hier = await tabVoor(browser, bezoek);
	const { context, pagina } = hier;
	const gezien = { console: [], verzoeken: [], mislukt: [], beleid: [] };
	Object.assign(hier, { gezien, laadt: true });
	try {
		await gewoon(pagina);
		if (bezoek.onbereikbaar) await pagina.route(bezoek.onbereikbaar, (verzoek) => verzoek.abort('connectionrefused'));

		const begin = Date.now();
		const antwoord = await pagina.goto(bezoek.adres, { waitUntil: 'load' });
		if (bezoek.wacht) await pagina.waitForSelector(bezoek.wacht);
		gezien.totKlaar = Date.now() - begin;
		await pagina.waitForLoadState('networkidle');
		hier.laadt = false;
		gezien.status = antwoord?.status();
		gezien.bytes = antwoord ? (await antwoord.body()).length : 0;
		if (bezoek.script ?? true) gezien.eersteBeeld = await pagina.evaluate(eersteBeeld, GEDULD);
		gezien.pagina = await pagina.evaluate(lees);
		for (const wat of bezoek.wat ?? []) {
			await gewoon(pagina);
			gezien[wat] = await KIJKEN[wat]({ pagina, context, bezoek });
		}
		if (bezoek.beeld) await pagina.screenshot({ path: bezoek.beeld, fullPage: true });
		return gezien;
	} finally {
		if (bezoek.vers) await context.close();
		else {
			await pagina.goto('about:blank'); // what this page still asks, is not told of the next one
			if (bezoek.onbereikbaar) await pagina.unroute(bezoek.onbereikbaar);
		}
	}
}

const order = JSON.parse(readFileSync(0, 'utf-8'));
const browser = await chromium.launch({ executablePath: PROGRAM, args: FLAGS, timeout: GEDULD });
const gezien = {};
try {
	for (const bezoek of order.bezoeken) {
		try {
			gezien[bezoek.naam] = await ga(browser, bezoek);
		} catch (fout) {
			throw new Error(`bij het bezoek '${bezoek.naam}' (${bezoek.adres}): ${fout.stack}`);
		}
	}
} finally {
	await browser.close();
}
process.stdout.write(JSON.stringify(gezien));
