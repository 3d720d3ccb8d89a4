-- Income from work per delivered month, of months that are over on the peildatum. Other income is no work.
with maanden as (
    select
        persoon,
        cast(maand || '-01' as date) as maand,
        bedrag
    from {{ source('invoer', 'inkomsten') }}
    where soort in ('loon', 'onderneming')
)

select
    nummer.persoon_nr,
    maanden.maand,
    maanden.bedrag
from maanden
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where last_day(maanden.maand) <= {{ instelling('peildatum') }}
