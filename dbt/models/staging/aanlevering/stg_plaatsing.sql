-- Placements that began on or before the peildatum; an end after it reads as open.
select
    nummer.persoon_nr,
    bron.werkgever_id,
    bron.begindatum,
    case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag,
    bron.soort,
    bron.uren_per_week,
    bron.gemeente_code_werk,
    -- Placements on work; the other kinds are work with retention of benefit.
    bron.soort not in ('proefplaatsing', 'leerwerkplek', 'ontwikkeltraject') as op_werk
from {{ source('invoer', 'plaatsing') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.begindatum <= {{ instelling('peildatum') }}
