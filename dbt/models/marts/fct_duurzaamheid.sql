-- Durability per outflow period, horizon and population: counted once over all break-downs, then written out per measure.
{%- set perioden = ['jaar', 'kwartaal'] %}
{%- set dimensies = dimensies_uitstroom() + ['reden_niet_volgbaar', 'bestemming'] %}
{%- set kruisingen = [['uitkeringsduur', 'arbeidsvermogen']] %}
{%- set populaties = ['alle', 'werk_reden', 'werk_polis', 'werk_onderneming_onderwijs'] %}
with metingen as (
    select
        uitstroom.* exclude (periode_nr),
        duurzaam.* exclude (periode_nr)
    from {{ ref('int_duurzaamheid') }} as duurzaam
    inner join {{ ref('int_uitstroom') }} as uitstroom using (periode_nr)
),

geteld as (
    select
        horizon,
        {{ rooster_cel(perioden, dimensies, kruisingen) }},
        {%- for populatie in populaties %}
        {
            'populatie': '{{ populatie }}',
            'uitstroom': count(*) filter (in_{{ populatie }}),
            'volgbaar': count(*) filter (in_{{ populatie }} and volgbaar),
            'uit_uitkering': count(*) filter (in_{{ populatie }} and volgbaar and uit_uitkering),
            'werk_moment': count(*) filter (in_{{ populatie }} and volgbaar and werk_moment),
            'werk_onafgebroken': count(*) filter (in_{{ populatie }} and volgbaar and werk_onafgebroken)
        } as {{ populatie }}{{ ',' if not loop.last }}
        {%- endfor %}
    from metingen
    group by {{ rooster_sets(perioden, dimensies, kruisingen, ['horizon']) }}
),

per_populatie as (
    select
        horizon,
        regio_code,
        periode,
        dimensie,
        categorie,
        unnest([{{ populaties | join(', ') }}], recursive := true)
    from geteld
),

maten as (
    select *, 'duurzaam_uit_uitkering' as maat, uit_uitkering as teller, volgbaar as noemer from per_populatie
    union all
    select *, 'duurzaam_werk_moment' as maat, werk_moment as teller, volgbaar as noemer from per_populatie
    union all
    select *, 'duurzaam_werk_onafgebroken' as maat, werk_onafgebroken as teller, volgbaar as noemer from per_populatie
    union all
    select *, 'herinstroom' as maat, volgbaar - uit_uitkering as teller, volgbaar as noemer from per_populatie
    union all
    select *, 'bestemming' as maat, uitstroom as teller, cast(null as bigint) as noemer from per_populatie
)

select
    maat || '_' || horizon || '__' || populatie as indicator_id,
    regio_code,
    periode,
    dimensie,
    categorie,
    -- Why people cannot be followed is a count beside the rates, with no denominator of its own.
    case when dimensie = 'reden_niet_volgbaar' then uitstroom else teller end as teller,
    case when dimensie <> 'reden_niet_volgbaar' then noemer end as noemer,
    case when maat <> 'bestemming' then uitstroom - volgbaar end as n_niet_volgbaar
from maten
where (maat = 'bestemming') = (dimensie = 'bestemming') or dimensie = 'totaal'
