-- All outflow, counted once: per month and gemeente, per year, gemeente and break-down, and each of these per population and outcome on every horizon. Every
-- number on outflow and durability is a sum of these, so the millions of outflows are gone over once and not for each measure, horizon and population.
{%- set dimensies = dimensies_uitstroom() %}
with horizonnen as (
    {{ horizonnen() }}
),

uitkomsten as (
    select
        duurzaam.periode_nr,
        -- 0: cannot be followed.
        {{ pak('case when duurzaam.volgbaar then 1 + duurzaam.uit_uitkering::integer + 2 * duurzaam.werk_moment::integer + 4 * duurzaam.werk_onafgebroken::integer else 0 end') }} as meting,
        {{ pak(nummer_van('duurzaam.reden_niet_volgbaar')) }} as redenen,
        {{ pak(nummer_van('duurzaam.bestemming')) }} as bestemmingen
    from {{ ref('int_duurzaamheid') }} as duurzaam
    inner join horizonnen using (horizon)
    group by duurzaam.periode_nr
),

uitstroom as (
    select
        uitstroom.gemeente_code,
        -- Counted by first day; what the period is called is written once, after counting.
        date_trunc('year', uitstroom.e) as jaar,
        date_trunc('month', uitstroom.e) as maand,
        {%- for dimensie in dimensies %}
        uitstroom.{{ dimensie }},
        {%- endfor %}
        {{ groep() }} as groep,
        uitkomsten.meting,
        uitkomsten.redenen,
        uitkomsten.bestemmingen
    from {{ ref('int_uitstroom') }} as uitstroom
    left join uitkomsten using (periode_nr)
)

select
    gemeente_code,
    coalesce({{ jaar_code('jaar') }}, {{ jaar_code('maand') }}) as jaar,
    {{ maand_code('maand') }} as maand,
    case
        when uitkeringsduur is not null and arbeidsvermogen is not null then 'uitkeringsduur x arbeidsvermogen'
        {%- for dimensie in dimensies %}
        when {{ dimensie }} is not null then '{{ dimensie }}'
        {%- endfor %}
        when redenen is not null then 'reden_niet_volgbaar'
        when bestemmingen is not null then 'bestemming'
        else 'totaal'
    end as dimensie,
    case
        when uitkeringsduur is not null and arbeidsvermogen is not null then uitkeringsduur || ' x ' || arbeidsvermogen
        when maand is not null then 'totaal'
        else coalesce({{ dimensies | join(', ') }})
    end as categorie,
    groep,
    meting,
    redenen,
    bestemmingen,
    count(*) as aantal
from uitstroom
group by grouping sets (
    (gemeente_code, maand, groep, meting),
    {%- for dimensie in dimensies %}
    (gemeente_code, jaar, {{ dimensie }}, groep, meting),
    {%- endfor %}
    (jaar, uitkeringsduur, arbeidsvermogen, groep, meting),
    (gemeente_code, jaar, groep, redenen),
    (gemeente_code, jaar, groep, bestemmingen)
)
