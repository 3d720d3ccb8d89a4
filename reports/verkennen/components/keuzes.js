// Which choices go together: from what the release offers and what a reader asked to what is shown. Pure, so that a link,
// a click and the start of the page all go the same way.

const OWN = 'eigen registratie';
const JAREN = { JJ: Infinity, KW: 4, MM: 2 };
/** The break-down whose categories are months: a line a year. */
export const CURVE = 'maanden_sinds_uitstroom';

/** The first of the wishes that is offered; else the first that is offered. */
function kies(aangeboden, ...wensen) {
	return wensen.find((wens) => aangeboden.includes(wens)) ?? aangeboden[0];
}

const uniek = (waarden) => [...new Set(waarden)];

/**
 * What is offered and chosen, filter by filter: each depends only on those before it.
 * @param {{indicator_id, onderwerp, definitie_id, bron, soort, dimensie, gebieden: string[], van: number, tot: number}[]} aanbod
 * @param {Record<string, string|undefined>} wens the choices asked for
 * @param {{gebieden: string[], kenmerken: string[]}} volgorde the order of regions and break-downs
 */
export function los(aanbod, wens, volgorde) {
	const onderwerpen = uniek(aanbod.map((rij) => rij.onderwerp));
	const indicator = kies(onderwerpen, wens.indicator, 'duurzaam_uit_uitkering_12', 'uitstroom');
	let over = aanbod.filter((rij) => rij.onderwerp === indicator);

	const definities = uniek(over.map(sleutel));
	const definitie = kies(definities, wens.definitie, definities.find((een) => een.endsWith(`|${OWN}`)));
	over = over.filter((rij) => sleutel(rij) === definitie);

	const kenmerken = volgorde.kenmerken.filter((kenmerk) => over.some((rij) => rij.dimensie === kenmerk));
	const kenmerk = kies(kenmerken, wens.kenmerk, 'totaal');
	over = over.filter((rij) => rij.dimensie === kenmerk);

	const gebieden = volgorde.gebieden.filter((gebied) => over.some((rij) => rij.gebieden.includes(gebied)));
	const gebied = kies(gebieden, wens.gebied);
	over = over.filter((rij) => rij.gebieden.includes(gebied));

	const soorten = ['JJ', 'KW', 'MM'].filter((soort) => over.some((rij) => rij.soort === soort));
	const soort = kies(soorten, wens.soort, 'JJ');
	over = over.filter((rij) => rij.soort === soort);

	const eerste = Math.min(...over.map((rij) => rij.van));
	const laatste = Math.max(...over.map((rij) => rij.tot));
	const jaren = Array.from({ length: laatste - eerste + 1 }, (_, nummer) => String(eerste + nummer));
	const tot = kies([...jaren].reverse(), wens.tot);
	// Months, quarters and curves (a line a year) begin with the last years: hundred points side by side cannot be read.
	const ruim = Number(tot) - (kenmerk === CURVE ? 4 : JAREN[soort]);
	const van = kies(jaren.filter((jaar) => jaar <= tot), wens.van, jaren.find((jaar) => Number(jaar) >= ruim));

	const naasten = kenmerk === 'totaal' ? ['', 'alle', ...gebieden.filter((een) => een !== gebied)] : [''];
	const naast = kies(gebieden.length > 1 ? naasten : [''], wens.naast);
	return {
		aanbod: { onderwerpen, definities, kenmerken, gebieden, soorten, jaren, naasten },
		keuze: { indicator, definitie, kenmerk, gebied, naast, soort, van, tot, categorie: wens.categorie ?? '' }
	};
}

export const sleutel = (rij) => `${rij.definitie_id}|${rij.bron}`;
