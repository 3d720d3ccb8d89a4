-- Inflow, and the part of it that had left a benefit less than twelve months before (herinstroom, looking back).
{%- set perioden = ['jaar', 'kwartaal', 'maand'] %}
{%- set dimensies = dimensies_persoon() %}
with tellingen as (
    select
        {{ rooster_cel(perioden, dimensies) }},
        count(*) as instroom,
        count(*) filter (herinstroom_terugkijkend) as herinstroom
    from {{ ref('int_instroom') }}
    group by {{ rooster_sets(perioden, dimensies) }}
)

select 'instroom' as indicator_id, regio_code, periode, dimensie, categorie, instroom as teller, cast(null as bigint) as noemer
from tellingen
union all
select 'herinstroom_terugkijkend' as indicator_id, regio_code, periode, dimensie, categorie, herinstroom as teller, instroom as noemer
from tellingen
where dimensie = 'totaal'
