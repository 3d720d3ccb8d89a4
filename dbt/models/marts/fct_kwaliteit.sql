-- What kind of job people got, how many of those who were measured twice went forward, and of which part of those in service that is known.
with banen as (
    select 'kwaliteit_baan' as indicator_id, gemeente_code, jaar, kwartaal, contract, uren_klasse, werk_na_uitstroom
    from {{ ref('int_baan_na_uitstroom') }}
),

aantallen as (
    {{ tel_cellen('banen', ['contract', 'uren_klasse', 'werk_na_uitstroom']) }}
),

paren as (
    select 'ontwikkeling' as indicator_id, gemeente_code, jaar, cast(null as varchar) as kwartaal, instrument, vooruit
    from {{ ref('int_ontwikkeling') }}
),

aandelen as (
    {{ tel_cellen('paren', ['instrument'], {'teller': 'count(*) filter (vooruit)', 'noemer': 'count(*)'}) }}
),

gemeten as (
    select distinct persoon_nr, left(jaar, 4)::integer as jaartal from {{ ref('int_ontwikkeling') }}
),

kandidaten as (
    select
        kandidaat.*,
        gemeten.persoon_nr is not null as is_gemeten
    from {{ ref('int_kandidaat_jaar') }} as kandidaat
    left join gemeten on kandidaat.persoon_nr = gemeten.persoon_nr and kandidaat.jaartal = gemeten.jaartal
),

-- Somebody in two gemeenten counts in each of them, and once for the organisation.
per_regio as (
    select
        gemeente_code as regio_code,
        jaartal,
        count(*) filter (is_gemeten) as teller,
        count(*) as noemer
    from kandidaten
    group by gemeente_code, jaartal
    union all
    select
        {{ instelling('organisatie_code') }} as regio_code,
        jaartal,
        count(distinct persoon_nr) filter (is_gemeten) as teller,
        count(distinct persoon_nr) as noemer
    from kandidaten
    group by jaartal
)

select indicator_id, regio_code, periode, dimensie, categorie, teller, cast(null as bigint) as noemer from aantallen
union all
select indicator_id, regio_code, periode, dimensie, categorie, teller, noemer from aandelen
union all
select 'ontwikkeling_gemeten' as indicator_id, regio_code, jaartal || 'JJ00' as periode, 'totaal' as dimensie, 'totaal' as categorie, teller, noemer
from per_regio
