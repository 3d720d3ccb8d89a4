-- Days with loonkostensubsidie (lks) or a nieuw-beschut place, as known on the peildatum: what tells one job after outflow from another.
with rijen as (
    select
        persoon,
        case when nieuw_beschut then 'nieuw_beschut' else 'lks' end as soort,
        begindatum,
        einddatum
    from {{ source('invoer', 'lks') }}
    union all
    select
        persoon,
        'nieuw_beschut' as soort,
        begindatum,
        einddatum
    from {{ source('invoer', 'nieuw_beschut') }}
    where begindatum is not null
)

select
    nummer.persoon_nr,
    rijen.soort,
    rijen.begindatum,
    case when rijen.einddatum <= {{ instelling('peildatum') }} then rijen.einddatum else {{ open_einde() }} end as laatste_dag
from rijen
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where rijen.begindatum <= {{ instelling('peildatum') }}
