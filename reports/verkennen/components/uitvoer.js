// The csv of a view: the columns of reeksen.csv, written the same way. No fetching and no markup.
const KOLOMMEN = [
	'indicator_id', 'definitie_id', 'regio_code', 'regio_naam', 'indeling_jaar', 'periode', 'dimensie', 'categorie',
	'waarde', 'ondergrens', 'bovengrens', 'eenheid', 'teller', 'noemer', 'n_niet_volgbaar', 'n_risico', 'status',
	'meetbaar_vanaf', 'bron', 'reeksbreuk'
];

/** Rows as csv; `excel`: semicolons, decimal comma and a byte-order mark. */
export function alsCsv(rijen, { excel = false } = {}) {
	const scheiding = excel ? ';' : ',';
	const veld = (waarde) => {
		if (waarde === null || waarde === undefined) return '';
		if (typeof waarde === 'number') return excel ? String(waarde).replace('.', ',') : String(waarde);
		return /["\n\r]/.test(waarde) || String(waarde).includes(scheiding) ? `"${String(waarde).replaceAll('"', '""')}"` : waarde;
	};
	const regels = [KOLOMMEN, ...rijen.map((rij) => KOLOMMEN.map((kolom) => rij[kolom]))];
	return (excel ? '\ufeff' : '') + regels.map((regel) => regel.map(veld).join(scheiding) + '\n').join('');
}

/** Let the browser save a text as a file. */
export function bewaar(naam, inhoud) {
	const adres = URL.createObjectURL(new Blob([inhoud], { type: 'text/csv;charset=utf-8' }));
	const link = Object.assign(document.createElement('a'), { href: adres, download: naam });
	link.click();
	setTimeout(() => URL.revokeObjectURL(adres), 10_000);
}
