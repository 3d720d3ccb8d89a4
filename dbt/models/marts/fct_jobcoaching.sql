-- Who has a jobcoach at each period's end, and how long people have one.
with verblijf as (
    select
        gemeente_code,
        van,
        -- On the last day of the period the person has left: that day is no stand.
        case when tot = laatste_dag and laatste_dag < {{ open_einde() }} then tot - 1 else tot end as stand_tot,
        1 as personen
    from {{ ref('int_jobcoach') }}
),

duren as (
    select
        persoon_nr,
        gemeente_code,
        {{ jaar_code('begindatum') }} as jaar,
        least(laatste_dag, {{ instelling('peildatum') }}) - begindatum + 1 as duur,
        laatste_dag < {{ open_einde() }} as gebeurtenis
    from {{ ref('int_jobcoach') }}
    where van = begindatum
)

select
    'jobcoaching' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    personen as teller,
    cast(null as bigint) as noemer,
    cast(null as double) as waarde,
    cast(null as bigint) as n_personen
from ({{ stand_per_regio('verblijf', ['personen']) }})
union all by name
select
    'jobcoaching_duur_mediaan' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    waarde,
    noemer,
    n_personen
from ({{ mediaan_per_regio('duren') }})
