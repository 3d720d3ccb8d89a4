-- Merged benefit spells. The end reason is that of the row that ends last; tie: highest dossier_id (bytes), then highest reden_einde (empty lowest).
with perioden as (
    select
        persoon_nr,
        volgnr,
        min(begindatum) as begindatum,
        max(laatste_dag) as laatste_dag,
        count(*) as rijen,
        any_value(reden_einde) as enige_reden
    from {{ ref('int_uitkeringsrij') }}
    group by persoon_nr, volgnr
),

-- Only where there is more than one row is there anything to choose.
meervoudig as (
    select
        rij.persoon_nr,
        rij.volgnr,
        max({'laatste_dag': rij.laatste_dag, 'dossier_id': rij.dossier_id, 'reden_einde': coalesce(rij.reden_einde, '')}).reden_einde as reden_einde
    from {{ ref('int_uitkeringsrij') }} as rij
    inner join perioden using (persoon_nr, volgnr)
    where perioden.rijen > 1
    group by rij.persoon_nr, rij.volgnr
),

met_reden as (
    select
        perioden.* exclude (enige_reden),
        perioden.laatste_dag < {{ open_einde() }} as geeindigd,
        case when perioden.rijen = 1 then perioden.enige_reden else meervoudig.reden_einde end as reden_einde
    from perioden
    left join meervoudig using (persoon_nr, volgnr)
)

select
    -- A number without sorting: nobody has a hundred thousand spells.
    met_reden.persoon_nr::bigint * 100000 + met_reden.volgnr as periode_nr,
    met_reden.persoon_nr,
    met_reden.volgnr,
    met_reden.begindatum,
    met_reden.laatste_dag,
    met_reden.geeindigd,
    case when met_reden.geeindigd then coalesce({{ categorie('reden_groep', 'redenen.groep') }}, {{ categorie('reden_groep', "'onbekend'") }}) end as reden_groep,
    met_reden.rijen
from met_reden
left join {{ source('invoer', 'reden_groep') }} as redenen on met_reden.reden_einde = redenen.code
