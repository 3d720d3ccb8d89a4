// From rows of `cijfers` to lines that a chart and a table share: every line has every period, so what is missing is
// known as missing. No words and no markup.
import { Query } from '@evidence-dev/sdk/usql';

/** Follow a query of the page (or plain rows): `klaar(rijen, fout)` is called once they are there, and after each change. */
export function volg(data, klaar) {
	if (!Query.isQuery(data)) {
		if (data) klaar(Array.from(data), undefined);
		return () => {};
	}
	data.fetch();
	return data.subscribe((vraag) => {
		if (vraag.error) klaar([], vraag.error);
		else if (vraag.dataLoaded) klaar(Array.from(vraag), undefined);
	});
}

/** Lines by the column `lijn`, points by `periode` (or, for curves, by category). Order: as the rows come. */
export function maakLijnen(rijen, lijn, x = 'periode') {
	const naamVan = x === 'periode' ? 'periode_naam' : 'categorie_naam';
	const as = new Map(rijen.map((rij) => [rij[x], rij[naamVan]]));
	const sleutels = [...as.keys()].sort();
	const namen = [...new Set(rijen.map((rij) => rij[lijn]))];
	return namen.map((naam) => {
		const cellen = new Map(rijen.filter((rij) => rij[lijn] === naam).map((rij) => [rij[x], rij]));
		const punten = sleutels.map((sleutel) => ({
			sleutel,
			naam: as.get(sleutel),
			zinnaam: x === 'periode' ? as.get(sleutel) : `maand ${as.get(sleutel)}`,
			cel: cellen.get(sleutel)
		}));
		return { naam, punten };
	});
}

/** Whether a line breaks before a point. An index carries every break since its base year: it breaks where these change. */
export function breekt(punten, plaats) {
	const cel = punten[plaats].cel;
	const vorige = punten[plaats - 1]?.cel;
	if (!cel || !plaats) return false;
	return cel.eenheid === 'index' ? Boolean(vorige) && (cel.reeksbreuk ?? '') !== (vorige.reeksbreuk ?? '') : Boolean(cel.reeksbreuk);
}
