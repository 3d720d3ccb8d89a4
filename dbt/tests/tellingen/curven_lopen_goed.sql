-- A curve of return rises from 0 to at most 100, lies within its interval, follows ever fewer people, and with competing events counted (cif) never lies above
-- the one without (km). It begins with all outflow of the year, but for who left after the day of censoring (peildatum - lag).
with punten as (
    select
        telling.*,
        indicator.maat,
        indicator.populatie,
        lag(waarde) over curve as vorige_waarde,
        lag(n_risico) over curve as vorige_n_risico
    from {{ ref('fct_terugkeer') }} as telling
    inner join {{ source('invoer', 'indicator') }} as indicator using (indicator_id)
    window curve as (partition by indicator_id, regio_code, periode order by categorie)
),

uitstroom as (
    select
        case indicator_id when 'uitstroom' then 'alle' else 'werk_reden' end as populatie,
        regio_code,
        periode,
        teller as uitstroom
    from {{ ref('fct_uitstroom') }}
    where indicator_id in ('uitstroom', 'uitstroom_werk_reden') and dimensie = 'totaal'
)

select punten.*, km.waarde as waarde_km, uitstroom.uitstroom
from punten
left join uitstroom using (populatie, regio_code, periode)
left join punten as km
    on punten.maat = 'terugkeer_cif'
    and km.maat = 'terugkeer_km'
    and punten.populatie = km.populatie
    and punten.regio_code = km.regio_code
    and punten.periode = km.periode
    and punten.categorie = km.categorie
where
    coalesce(punten.waarde not between 0 and 100, true)
    or punten.ondergrens not between 0 and punten.waarde
    or punten.bovengrens not between punten.waarde and 100
    -- Curves are rounded to ten decimals, so neighbours may differ by one in the last.
    or punten.waarde < punten.vorige_waarde - 1e-9
    or punten.waarde > km.waarde + 1e-9
    or punten.n_risico > punten.vorige_n_risico
    or (punten.categorie = '00' and punten.n_risico > uitstroom.uitstroom)
    or (
        punten.categorie = '00'
        and punten.n_risico <> uitstroom.uitstroom
        and make_date(left(punten.periode, 4)::integer, 12, 31) <= {{ plus_maanden(instelling('peildatum'), '-' ~ instelling('lag_maanden')) }}
    )
