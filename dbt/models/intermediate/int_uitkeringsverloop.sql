-- Which row speaks for the person on each day of a spell, as intervals: of the rows that cover the day the highest dossier_id, then gemeente_code, then
-- leefvorm (unknown lowest); in a filled gap, of the rows that ended before it the one that ended last. Spells of one row, the most by far, need no
-- comparison.
with rijen as (
    select
        perioden.periode_nr,
        perioden.persoon_nr,
        perioden.rijen,
        perioden.begindatum as periode_begin,
        perioden.laatste_dag as periode_einde,
        perioden.reden_groep,
        rij.dossier_id,
        rij.gemeente_code,
        rij.leefvorm,
        rij.begindatum,
        rij.laatste_dag
    from {{ ref('int_uitkeringsrij') }} as rij
    inner join {{ ref('int_uitkeringsperiode') }} as perioden using (persoon_nr, volgnr)
),

meervoudig as (
    select * from rijen where rijen > 1
),

-- Dossiers that more than one spell has: of partners, or of one person again later. Found by a hash, so now and then there is one too many, and that changes
-- nothing: of a dossier that is kept the spells are counted once, of the others each spell is.
gedeeld as (
    select hash(dossier_id) as dossier_hash
    from rijen
    group by dossier_hash
    having min(periode_nr) <> max(periode_nr)
),

wisseldagen as (
    select periode_nr, begindatum as dag from meervoudig
    union
    select periode_nr, laatste_dag + 1 as dag from meervoudig where laatste_dag < periode_einde
),

op_dag as (
    select
        wisseldagen.periode_nr,
        wisseldagen.dag,
        any_value(rij.persoon_nr) as persoon_nr,
        any_value(rij.periode_begin) as periode_begin,
        any_value(rij.periode_einde) as periode_einde,
        any_value(rij.reden_groep) as reden_groep,
        max({
            'loopt': rij.laatste_dag >= wisseldagen.dag,
            'einde': case when rij.laatste_dag >= wisseldagen.dag then {{ open_einde() }} else rij.laatste_dag end,
            'dossier_id': rij.dossier_id,
            'gemeente_code': rij.gemeente_code,
            'leefvorm': case when rij.leefvorm = 'onbekend' then '' else rij.leefvorm end
        }) as spreekt
    from wisseldagen
    inner join meervoudig as rij on wisseldagen.periode_nr = rij.periode_nr and rij.begindatum <= wisseldagen.dag
    group by wisseldagen.periode_nr, wisseldagen.dag
),

verloop as (
    select
        periode_nr,
        begindatum as van,
        laatste_dag as tot,
        dossier_id,
        gemeente_code,
        leefvorm,
        persoon_nr,
        periode_begin,
        periode_einde,
        reden_groep
    from rijen
    where rijen = 1
    union all
    select
        periode_nr,
        dag as van,
        coalesce(lead(dag) over (partition by periode_nr order by dag) - 1, periode_einde) as tot,
        spreekt.dossier_id,
        spreekt.gemeente_code,
        coalesce(nullif(spreekt.leefvorm, ''), 'onbekend') as leefvorm,
        persoon_nr,
        periode_begin,
        periode_einde,
        reden_groep
    from op_dag
)

select
    periode_nr,
    van,
    tot,
    case when gedeeld.dossier_hash is not null then dossier_id end as gedeeld_dossier,
    gemeente_code,
    {{ categorie('leefvorm', 'leefvorm') }} as leefvorm,
    -- On the last day of an ended spell the person has left: that day is no stand.
    case when tot = periode_einde and reden_groep is not null then tot - 1 else tot end as stand_tot,
    persoon_nr,
    periode_begin,
    periode_einde,
    reden_groep
from verloop
left join gedeeld on hash(verloop.dossier_id) = gedeeld.dossier_hash
