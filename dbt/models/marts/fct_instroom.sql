-- Inflow, and the part of it that had left a benefit less than twelve months before (herinstroom, looking back).
{%- set perioden = ['jaar', 'kwartaal', 'maand'] %}
{%- set dimensies = dimensies_persoon() %}
with instroom as (
    select
        *,
        -- Counted by first day; what the period is called is written once, after counting.
        date_trunc('year', b) as jaar,
        date_trunc('quarter', b) as kwartaal,
        date_trunc('month', b) as maand
    from {{ ref('int_instroom') }}
),

geteld as (
    select
        {{ jaar_code('jaar') }} as jaar,
        {{ kwartaal_code('kwartaal') }} as kwartaal,
        {{ maand_code('maand') }} as maand,
        gemeente_code,
        {{ dimensies | join(', ') }},
        count(*) as instroom,
        count(*) filter (herinstroom_terugkijkend) as herinstroom
    from instroom
    group by {{ rooster_sets(perioden, dimensies) }}
),

tellingen as (
    select
        {{ rooster_cel(perioden, dimensies) }},
        instroom,
        herinstroom
    from geteld
)

select 'instroom' as indicator_id, regio_code, periode, dimensie, categorie, instroom as teller, cast(null as bigint) as noemer
from tellingen
union all
select 'herinstroom_terugkijkend' as indicator_id, regio_code, periode, dimensie, categorie, herinstroom as teller, instroom as noemer
from tellingen
where dimensie = 'totaal'
