-- Stand in personen and uitkeringen: totals per month, quarter and year end, break-downs per year end.
{%- set dimensies = dimensies_persoon() %}
with perioden as (
    select regio_code, {{ maand_code('dag') }} as periode, personen, uitkeringen from {{ ref('int_stand_maandeinde') }}
    union all
    {{ uitkeringen_per_periode() }}
),

met_kenmerken as (
    select
        stand.gemeente_code,
        stand.gedeeld_dossier,
        -- The year by its last day; what it is called is written once, after counting.
        stand.dag as jaar,
        stand.uitkeringsduur,
        stand.leefvorm,
        {{ kenmerken_op_dag('stand.dag') }}
    from {{ ref('int_stand_jaareinde') }} as stand
    {{ met_kenmerken('stand', 'stand.dag') }}
),

-- A dossier of one spell counts as its person does; only those of several spells, a part, must be told apart.
geteld as (
    select
        jaar,
        gemeente_code,
        {{ dimensies | join(', ') }},
        count(*) as personen,
        count(*) filter (gedeeld_dossier is null) as uitkeringen
    from met_kenmerken
    group by {{ rooster_sets([], dimensies) }}
    union all
    select
        jaar,
        gemeente_code,
        {{ dimensies | join(', ') }},
        0 as personen,
        count(distinct gedeeld_dossier) as uitkeringen
    from met_kenmerken
    where gedeeld_dossier is not null
    group by {{ rooster_sets([], dimensies) }}
),

uitgesplitst as (
    select
        {{ rooster_cel(['jaar'], dimensies) }},
        sum(personen) as personen,
        sum(uitkeringen) as uitkeringen
    from (select * replace ({{ jaar_code('jaar') }} as jaar) from geteld)
    group by all
),

tellingen as (
    select regio_code, periode, 'totaal' as dimensie, 'totaal' as categorie, personen, uitkeringen from perioden
    union all
    select regio_code, periode, dimensie, categorie, personen, uitkeringen from uitgesplitst
)

select 'stand_personen' as indicator_id, regio_code, periode, dimensie, categorie, personen::bigint as teller from tellingen
union all
select 'stand_uitkeringen' as indicator_id, regio_code, periode, dimensie, categorie, uitkeringen::bigint as teller from tellingen
