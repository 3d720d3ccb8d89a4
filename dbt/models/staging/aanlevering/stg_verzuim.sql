-- Absence per person and month; a month that ends after the peildatum is not used.
with maanden as (
    select
        nummer.persoon_nr,
        strptime(bron.maand || '-01', '%Y-%m-%d')::date as eerste_dag,
        bron.verzuimdagen,
        bron.beschikbare_dagen,
        bron.meldingen
    from {{ source('invoer', 'verzuim') }} as bron
    inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
)

select *
from maanden
where last_day(eerste_dag) <= {{ instelling('peildatum') }}
