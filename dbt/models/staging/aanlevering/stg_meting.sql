-- Measurements on or before the peildatum; of two on one day with one instrument the highest.
select
    nummer.persoon_nr,
    bron.instrument,
    bron.datum,
    max(bron.score) as score
from {{ source('invoer', 'meting') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.datum <= {{ instelling('peildatum') }}
group by nummer.persoon_nr, bron.instrument, bron.datum
