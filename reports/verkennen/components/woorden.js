// Dutch for figures, periods and statuses in the browser; the same wording as werkmonitor/report/words.py. Category and
// status names come from the release's data. No SQL and no markup.
const MAANDEN = [
	'januari', 'februari', 'maart', 'april', 'mei', 'juni',
	'juli', 'augustus', 'september', 'oktober', 'november', 'december'
];
const getal = new Intl.NumberFormat('nl-NL', { maximumFractionDigits: 1 });

/** 1234.5 → 1.234,5 */
export const inCijfers = (waarde) => getal.format(waarde);

/** '2026-03-31' → 31 maart 2026 */
export function dag(iso) {
	const [jaar, maand, dagnummer] = iso.split('-').map(Number);
	return `${dagnummer} ${MAANDEN[maand - 1]} ${jaar}`;
}

/** A value with its unit: 78%, € 1.200, 2.765. */
export function metEenheid(waarde, eenheid) {
	if (eenheid === '%') return `${inCijfers(waarde)}%`;
	return eenheid === 'EUR' ? `€ ${inCijfers(waarde)}` : inCijfers(waarde);
}

export const heeftGetal = (cel) => cel.waarde !== null && cel.waarde !== undefined;

/** Why there is no number: 'nog niet meetbaar (vanaf 31 maart 2026)'. The words come with the figure. */
export const waarom = (cel) => cel.waarom;

/** What stands in a table: the number with '(voorlopig)' where it is so, or why there is none. Never empty. */
export function weergave(cel) {
	if (!cel) return 'geen cijfer';
	if (!heeftGetal(cel)) return waarom(cel);
	const voorlopig = cel.status === 'definitief' ? '' : ` (${cel.status_naam})`;
	return `${metEenheid(cel.waarde, cel.eenheid)}${voorlopig}`;
}

/** a, b en c */
export function opsomming(delen) {
	return delen.length < 2 ? delen.join('') : `${delen.slice(0, -1).join(', ')} en ${delen.at(-1)}`;
}

/** Everything without a number, a sentence a reason: '2014 tot en met 2016 onderdrukt: Druten en Heumen.' */
export function zonderCijfer(lijnen) {
	const gevonden = new Map();
	for (const lijn of lijnen) {
		const perReden = new Map();
		lijn.punten.forEach((punt, plaats) => {
			if (punt.cel && !heeftGetal(punt.cel)) perReden.set(waarom(punt.cel), [...(perReden.get(waarom(punt.cel)) ?? []), plaats]);
		});
		for (const [reden, plaatsen] of perReden) {
			const zin = `${perioden(plaatsen, lijn.punten)} ${reden}`;
			gevonden.set(zin, [...(gevonden.get(zin) ?? []), lijn.naam]);
		}
	}
	return [...gevonden].map(([zin, namen]) => `${zin}${namen.length === lijnen.length ? '' : `: ${opsomming(namen)}`}.`);
}

/** Places on the axis as words, neighbours together: 2014 tot en met 2016 en 2019. */
function perioden(plaatsen, punten) {
	const stukken = plaatsen.reduce((gevonden, plaats) => {
		if (gevonden.at(-1)?.at(-1) === plaats - 1) gevonden.at(-1).push(plaats);
		else gevonden.push([plaats]);
		return gevonden;
	}, []);
	return opsomming(
		stukken.flatMap((stuk) => {
			const namen = stuk.map((plaats) => punten[plaats].zinnaam);
			return namen.length < 3 ? namen : [`${namen[0]} tot en met ${namen.at(-1)}`];
		})
	);
}

/** One sentence on a line: its newest number and the one before. */
export function nieuwste(lijn) {
	const bekend = lijn.punten.filter((punt) => punt.cel && heeftGetal(punt.cel));
	if (!bekend.length) return `${lijn.naam}: geen cijfer dat getoond kan worden.`;
	const [laatste, vorige] = [bekend.at(-1), bekend.at(-2)];
	const eerder = vorige ? `, na ${weergave(vorige.cel)} in ${vorige.zinnaam}` : '';
	return `${lijn.naam}: ${weergave(laatste.cel)} in ${laatste.zinnaam}${aantallen(laatste.cel)}${eerder}.`;
}

function aantallen({ teller, noemer }) {
	return teller == null || noemer == null ? '' : ` (${inCijfers(teller)} van de ${inCijfers(noemer)})`;
}
