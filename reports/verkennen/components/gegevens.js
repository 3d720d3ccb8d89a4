// The data of a release in the browser: which tables there are, and the view `cijfers` that pages ask. What is in the
// tables is decided by orchestration/werkmonitor/verkennen.py; nothing here knows an indicator or a region by name.
import { query, setParquetURLs } from '@evidence-dev/universal-sql/client-duckdb';

const NIET_GELADEN =
	'De cijfers van deze release konden niet worden geladen. Ververs de pagina. Helpt dat niet, meld het dan aan de beheerder.';

// One row of `cijferreeks` holds the periods of one series as lists; `cijfers` has one row a cell, as reeksen.csv does.
const CIJFERS = `
create or replace view cijfers as
with cel as (
	select * exclude (perioden, waarden, ondergrenzen, bovengrenzen, tellers, noemers, niet_volgbaar, risico, statussen, vanaf, breuken),
		unnest(perioden) as nummer, unnest(waarden) as waarde, unnest(ondergrenzen) as ondergrens,
		unnest(bovengrenzen) as bovengrens, unnest(tellers) as teller, unnest(noemers) as noemer,
		unnest(niet_volgbaar) as n_niet_volgbaar, unnest(risico) as n_risico, unnest(statussen) as statusnummer,
		unnest(vanaf) as meetbaar_vanaf, unnest(breuken) as reeksbreuk
	from werkmonitor.cijferreeks
)
select cel.indicator_id, cel.definitie_id, cel.regio_code, g.regio_naam, cel.indeling_jaar, cel.soort,
	printf('%d%s%02d', nummer // 100, cel.soort, nummer % 100) as periode,
	case cel.soort when 'JJ' then printf('%d', nummer // 100) when 'KW' then printf('%de kwartaal %d', nummer % 100, nummer // 100)
		else m.naam || printf(' %d', nummer // 100) end as periode_naam,
	nummer // 100 as jaar, cel.dimensie, cel.categorie, u.categorie_naam, coalesce(u.volgorde, 0) as volgorde,
	waarde, ondergrens, bovengrens, cel.eenheid, teller, noemer, n_niet_volgbaar, n_risico,
	s.status, s.status_naam, strftime(meetbaar_vanaf, '%Y-%m-%d') as meetbaar_vanaf, cel.bron, reeksbreuk,
	case when waarde is not null then null
		when s.status = 'onderdrukt' and r.afgerond and cel.eenheid <> '%' then printf('onderdrukt (minder dan %d)', r.drempel)
		when s.status = 'onderdrukt' then 'onderdrukt'
		when s.status = 'nog_niet_meetbaar' and meetbaar_vanaf is not null
			then printf('%s (vanaf %d %s %d)', s.status_naam, day(meetbaar_vanaf), v.naam, year(meetbaar_vanaf))
		when s.status = 'nvt' and cel.dimensie = 'maanden_sinds_uitstroom' then 'minder dan 20 mensen nog gevolgd'
		when s.status = 'nvt' and noemer = 0 then 'niemand om te volgen'
		else s.status_naam end as waarom
from cel
cross join werkmonitor.release r
join werkmonitor.status s on s.statusnummer = cel.statusnummer
left join werkmonitor.gebied g on g.regio_code = cel.regio_code
left join werkmonitor.categorie u on u.dimensie = cel.dimensie and u.categorie = cel.categorie
left join werkmonitor.maand m on cel.soort = 'MM' and m.maand = nummer % 100
left join werkmonitor.maand v on v.maand = month(meetbaar_vanaf)`;

/** Load every table of this release and make the views. Rejects with a sentence for a reader. */
export async function laadGegevens(base) {
	try {
		const antwoord = await fetch(`${base}/data/manifest.json`, { cache: 'no-cache' });
		if (!antwoord.ok) throw new Error(`manifest.json: ${antwoord.status}`);
		const { renderedFiles } = await antwoord.json();
		await setParquetURLs(renderedFiles, { addBasePath: (pad) => `${base}${pad}` });
		await query(CIJFERS);
		for (const tabel of ['indicator', 'gebied', 'categorie', 'uitsplitsing', 'release'])
			await query(`create or replace view ${tabel} as select * from werkmonitor.${tabel}`);
	} catch (fout) {
		throw new Error(NIET_GELADEN, { cause: fout });
	}
}

/** A value as text in SQL. */
export const tekst = (waarde) => `'${String(waarde).replaceAll("'", "''")}'`;
