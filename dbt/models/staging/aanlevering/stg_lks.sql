-- Decisions on loonkostensubsidie as known on the peildatum. The higher rij_nr speaks where two of a person cover one day: the later begin, then the higher
-- beschikking_id (bytes), then the first source.
select
    row_number() over (order by bron.begindatum, bron.beschikking_id, bron.bron_volgorde desc)::integer as rij_nr,
    nummer.persoon_nr,
    bron.begindatum,
    case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag,
    bron.loonwaarde,
    bron.forfaitair,
    bron.uren_per_week,
    bron.nieuw_beschut,
    case when bron.nieuw_beschut then 'nieuw_beschut' else 'regulier' end as lks_soort
from {{ source('invoer', 'lks') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.begindatum <= {{ instelling('peildatum') }}
