-- Outflow, outflow to work in its three definitions (never in one series), and where reden and inkomen disagree.
{%- set perioden = ['jaar', 'kwartaal', 'maand'] %}
{%- set dimensies = dimensies_uitstroom() %}
with tellingen as (
    select
        {{ rooster_cel(perioden, dimensies) }},
        count(*) as uitstroom,
        count(distinct dossier_id) as uitkeringen,
        count(*) filter (in_werk_reden) as werk_reden,
        count(*) filter (in_werk_polis) as werk_polis,
        count(*) filter (in_werk_inkomen) as werk_inkomen,
        count(*) filter (in_werk_reden <> in_werk_inkomen) as werk_verschil
    from {{ ref('int_uitstroom') }}
    group by {{ rooster_sets(perioden, dimensies) }}
),

totalen as (
    select * from tellingen where dimensie = 'totaal'
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
        coalesce(totalen.uitkeringen, 0) as teller,
        stand.uitkeringen::bigint as noemer
    from stand
    left join totalen on stand.regio_code = totalen.regio_code and stand.volgend_jaar = totalen.periode
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
{%- for maat in ['werk_reden', 'werk_polis', 'werk_inkomen'] %}
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
