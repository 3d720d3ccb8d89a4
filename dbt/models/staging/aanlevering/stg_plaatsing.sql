-- Placements that began on or before the peildatum. When they end is asked nowhere.
select
    nummer.persoon_nr,
    bron.werkgever_id,
    bron.begindatum,
    bron.soort,
    bron.uren_per_week,
    bron.gemeente_code_werk,
    -- Placements on work; the other kinds are work with retention of benefit.
    bron.soort not in ('proefplaatsing', 'leerwerkplek', 'ontwikkeltraject') as op_werk
from {{ source('invoer', 'plaatsing') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.begindatum <= {{ instelling('peildatum') }}
