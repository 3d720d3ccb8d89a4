-- Merged benefit spells. The end reason is that of the row that ends last; tie: highest dossier_id (bytes), then highest reden_einde (empty lowest).
with perioden as (
    select
        persoon_nr,
        volgnr,
        min(begindatum) as begindatum,
        max({'laatste_dag': laatste_dag, 'dossier_id': dossier_id, 'reden_einde': coalesce(reden_einde, '')}) as laatste_rij,
        count(*) as rijen
    from {{ ref('int_uitkeringsrij') }}
    group by persoon_nr, volgnr
)

select
    row_number() over (order by perioden.persoon_nr, perioden.volgnr)::integer as periode_nr,
    perioden.persoon_nr,
    perioden.volgnr,
    perioden.begindatum,
    perioden.laatste_rij.laatste_dag as laatste_dag,
    perioden.laatste_rij.laatste_dag < {{ open_einde() }} as geeindigd,
    case
        when perioden.laatste_rij.laatste_dag < {{ open_einde() }} then coalesce(redenen.groep, 'onbekend')
    end as reden_groep,
    perioden.rijen
from perioden
left join {{ source('invoer', 'reden_groep') }} as redenen on perioden.laatste_rij.reden_einde = redenen.code
