-- Durability per outflow period, horizon and population: counted once over all break-downs, then written out per measure.
{%- set populaties = ['alle', 'werk_reden', 'werk_polis', 'werk_onderneming_onderwijs'] %}
with horizonnen as (
    {{ horizonnen() }}
),

per_horizon as (
    select
        horizonnen.horizon,
        geteld.gemeente_code,
        geteld.jaar,
        left(geteld.maand, 4) || 'KW0' || (right(geteld.maand, 2)::integer + 2) // 3 as kwartaal,
        geteld.dimensie,
        case geteld.dimensie
            when 'reden_niet_volgbaar' then {{ woord_van(pak_uit('geteld.redenen'), redenen_niet_volgbaar()) }}
            when 'bestemming' then {{ woord_van(pak_uit('geteld.bestemmingen'), bestemmingen()) }}
            else geteld.categorie
        end as categorie,
        geteld.groep,
        {{ pak_uit('geteld.meting') }} as meting,
        sum(geteld.aantal) as aantal
    from {{ ref('fct_uitstroom_geteld') }} as geteld
    cross join horizonnen
    group by all
),

cellen as (
    select horizon, gemeente_code, jaar as periode, dimensie, categorie, groep, meting, aantal from per_horizon
    union all
    select horizon, gemeente_code, kwartaal as periode, dimensie, categorie, groep, meting, aantal from per_horizon where dimensie = 'totaal'
),

geteld as (
    select
        horizon,
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        periode,
        dimensie,
        categorie,
        {%- for populatie in populaties %}
        {
            'populatie': '{{ populatie }}',
            'uitstroom': coalesce(sum(aantal) filter ({{ in_populatie(populatie) }}), 0)::bigint,
            'volgbaar': coalesce(sum(aantal) filter ({{ in_populatie(populatie) }} and (meting > 0 or categorie = 'volgbaar')), 0)::bigint,
            'uit_uitkering': coalesce(sum(aantal) filter ({{ in_populatie(populatie) }} and meting > 0 and (meting - 1) & 1 <> 0), 0)::bigint,
            'werk_moment': coalesce(sum(aantal) filter ({{ in_populatie(populatie) }} and meting > 0 and (meting - 1) & 2 <> 0), 0)::bigint,
            'werk_onafgebroken': coalesce(sum(aantal) filter ({{ in_populatie(populatie) }} and meting > 0 and (meting - 1) & 4 <> 0), 0)::bigint
        } as {{ populatie }}{{ ',' if not loop.last }}
        {%- endfor %}
    from cellen
    group by grouping sets ((horizon, periode, dimensie, categorie), (horizon, periode, dimensie, categorie, gemeente_code))
    -- Crossed break-downs are counted for the organisation only: they have no gemeente.
    having grouping(gemeente_code) = 1 or gemeente_code is not null
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
