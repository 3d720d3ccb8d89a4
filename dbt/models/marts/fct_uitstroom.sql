-- Outflow, outflow to work in its three definitions (never in one series), and where reden and inkomen disagree.
{%- set maten = ['werk_reden', 'werk_polis', 'werk_inkomen'] %}
with per_groep as (
    select
        gemeente_code,
        jaar,
        maand,
        left(maand, 4) || 'KW0' || (right(maand, 2)::integer + 2) // 3 as kwartaal,
        dimensie,
        categorie,
        groep,
        sum(aantal) as aantal
    from {{ ref('fct_uitstroom_geteld') }}
    -- What became of people on a horizon is for fct_duurzaamheid, and so is what was crossed (without gemeente).
    where dimensie not in ('reden_niet_volgbaar', 'bestemming') and gemeente_code is not null
    group by all
),

cellen as (
    select gemeente_code, jaar as periode, dimensie, categorie, groep, aantal from per_groep
    {%- for periode in ['kwartaal', 'maand'] %}
    union all
    select gemeente_code, {{ periode }} as periode, dimensie, categorie, groep, aantal from per_groep where dimensie = 'totaal'
    {%- endfor %}
),

tellingen as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        periode,
        dimensie,
        categorie,
        sum(aantal)::bigint as uitstroom,
        {%- for maat in maten %}
        coalesce(sum(aantal) filter ({{ in_populatie(maat) }}), 0)::bigint as {{ maat }},
        {%- endfor %}
        coalesce(sum(aantal) filter (({{ in_populatie('werk_reden') }}) <> ({{ in_populatie('werk_inkomen') }})), 0)::bigint as werk_verschil
    from cellen
    group by grouping sets ((periode, dimensie, categorie), (periode, dimensie, categorie, gemeente_code))
),

totalen as (
    select * from tellingen where dimensie = 'totaal'
),

-- A dossier may flow out of several gemeenten in a year, so this is no sum over them.
dossiers as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        {{ jaar_code('jaar') }} as periode,
        count(*) filter (gedeeld_dossier is null) + count(distinct gedeeld_dossier) as uitkeringen
    from (select *, date_trunc('year', e) as jaar from {{ ref('int_uitstroom') }})
    group by grouping sets ((jaar), (jaar, gemeente_code))
),

stand as (
    select
        regio_code,
        dag,
        personen,
        uitkeringen,
        {{ jaar_code('dag') }} as jaar,
        {{ jaar_code('(dag + 1)') }} as volgend_jaar
    from {{ ref('int_stand_maandeinde') }}
    where month(dag) = 12
),

-- A year without outflow still has its percentage, so the stand leads.
percentages as (
    select
        'uitstroompercentage_divosa' as indicator_id,
        stand.regio_code,
        stand.volgend_jaar as periode,
        coalesce(dossiers.uitkeringen, 0) as teller,
        stand.uitkeringen::bigint as noemer
    from stand
    left join dossiers on stand.regio_code = dossiers.regio_code and stand.volgend_jaar = dossiers.periode
    union all
    select
        'uitstroompercentage_cbs' as indicator_id,
        stand.regio_code,
        stand.jaar as periode,
        coalesce(totalen.uitstroom, 0) as teller,
        (stand.personen + coalesce(totalen.uitstroom, 0))::bigint as noemer
    from stand
    left join totalen on stand.regio_code = totalen.regio_code and stand.jaar = totalen.periode
)

select 'uitstroom' as indicator_id, regio_code, periode, dimensie, categorie, uitstroom as teller, cast(null as bigint) as noemer
from tellingen
{%- for maat in maten %}
union all
select 'uitstroom_{{ maat }}' as indicator_id, regio_code, periode, dimensie, categorie, {{ maat }} as teller, cast(null as bigint) as noemer
from totalen
{%- endfor %}
union all
select 'uitstroom_werk_verschil' as indicator_id, regio_code, periode, dimensie, categorie, werk_verschil as teller, uitstroom as noemer
from totalen
union all
select indicator_id, regio_code, periode, 'totaal' as dimensie, 'totaal' as categorie, teller, noemer
from percentages
