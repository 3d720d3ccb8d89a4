-- Of the persons with a benefit at each period's end those who have been announced for guidance and are not out of it.
with trajecten as (
    select persoon_nr, aanmelddatum as begindatum, laatste_dag
    from {{ ref('stg_traject') }}
),

aangemeld as (
    select
        persoon_nr,
        begindatum as van,
        -- Who leaves on a day has left on it.
        case when laatste_dag < {{ open_einde() }} then laatste_dag - 1 else laatste_dag end as stand_tot
    from ({{ voeg_perioden_samen('trajecten', 0) }})
),

beide as (
    select
        verloop.gemeente_code,
        greatest(verloop.van, aangemeld.van) as van,
        least(verloop.stand_tot, aangemeld.stand_tot) as stand_tot,
        1 as personen
    from {{ ref('int_uitkeringsverloop') }} as verloop
    inner join aangemeld
        on verloop.persoon_nr = aangemeld.persoon_nr and verloop.van <= aangemeld.stand_tot and verloop.stand_tot >= aangemeld.van
),

aangemeld_op_dag as (
    {{ stand_per_regio('beide', ['personen']) }}
),

met_uitkering as (
    {{ uitkeringen_per_periode() }}
)

select
    'uitkering_aangemeld' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    coalesce(aangemeld_op_dag.personen, 0)::bigint as teller,
    met_uitkering.personen::bigint as noemer
from met_uitkering
left join aangemeld_op_dag using (regio_code, periode)
