-- Moves inside a spell, per gemeente that people came to or left; for the organisation their sum.
with bewegingen as (
    select 'verhuizing_in' as indicator_id, naar as gemeente_code, jaar, kwartaal from {{ ref('int_verhuizing') }}
    union all
    select 'verhuizing_uit' as indicator_id, uit as gemeente_code, jaar, kwartaal from {{ ref('int_verhuizing') }}
)

select
    indicator_id,
    coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    coalesce(kwartaal, jaar) as periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    count(*) as teller
from bewegingen
group by grouping sets (
    (indicator_id, jaar), (indicator_id, jaar, gemeente_code), (indicator_id, kwartaal), (indicator_id, kwartaal, gemeente_code)
)
