-- Advices on nieuw beschut werk and the places that followed, as known on the peildatum: what happens after it is unknown. The higher rij_nr speaks where two
-- places of a person cover one day: the later begin, then the later advice, then the first source. wacht_nr is higher for the earlier advice.
select
    row_number() over (order by bron.begindatum nulls first, bron.adviesdatum, bron.bron_volgorde desc)::integer as rij_nr,
    row_number() over (order by bron.adviesdatum desc, bron.bron_volgorde desc)::integer as wacht_nr,
    nummer.persoon_nr,
    bron.gemeente_code,
    bron.adviesdatum,
    bron.advies = 'positief' as is_positief,
    case when bron.einde_advies <= {{ instelling('peildatum') }} then bron.einde_advies end as einde_advies,
    case when bron.begindatum <= {{ instelling('peildatum') }} then bron.begindatum end as begindatum,
    case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag,
    bron.uren_per_week
from {{ source('invoer', 'nieuw_beschut') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.adviesdatum <= {{ instelling('peildatum') }}
