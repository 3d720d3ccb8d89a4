-- Placements on work and with retention of benefit: numbers, priority groups (which overlap), hours as jobs of 25.5, persons and employers.
{%- set dimensies = ['soort_plaatsing', 'soort_behoud', 'dienstverband_omvang', 'leeftijd', 'werkplek'] %}
{%- set per_jaar = 'grouping sets ((jaar), (jaar, gemeente_code))' %}
with op_werk as (
    select * from {{ ref('int_plaatsing') }} where op_werk
),

momenten as (
    select
        'plaatsingen_werk' as indicator_id,
        gemeente_code,
        jaar,
        kwartaal,
        soort_plaatsing,
        cast(null as varchar) as soort_behoud,
        dienstverband_omvang,
        leeftijd,
        werkplek
    from op_werk
    union all by name
    select 'plaatsingen_banenafspraak' as indicator_id, gemeente_code, jaar, kwartaal
    from op_werk
    where banenafspraak
    union all by name
    select 'werken_met_behoud_van_uitkering_plaatsingen' as indicator_id, gemeente_code, jaar, kwartaal, soort_behoud
    from {{ ref('int_plaatsing') }}
    where not op_werk
),

aantallen as (
    {{ tel_cellen('momenten', dimensies) }}
),

-- One placement may be in several groups.
groepen as (
    select
        'plaatsingen_werk' as indicator_id,
        gemeente_code,
        jaar,
        cast(null as varchar) as kwartaal,
        unnest(list_filter(
            [
                case when leeftijd = '0-26' then 'jongeren' end,
                case when leeftijd = '55+' then '55+' end,
                case when statushouder = 'ja' then 'statushouders' end,
                case when arbeidsbeperking = 'ja' then 'arbeidsbeperking' end
            ],
            lambda groep: groep is not null
        )) as prioriteitsgroep
    from op_werk
),

per_groep as (
    {{ tel_cellen('groepen', ['prioriteitsgroep']) }}
),

gevallen as (
    select 'uitkering_bij_plaatsing' as indicator_id, gemeente_code, jaar, kwartaal, met_uitkering
    from op_werk
),

aandelen as (
    {{ tel_cellen('gevallen', [], {'teller': 'count(*) filter (met_uitkering)', 'noemer': 'count(*)'}) }}
),

banen as (
    select
        gemeente_code,
        coalesce(kwartaal, jaar) as periode,
        coalesce(sum(uren_per_week), 0) as uren,
        count(distinct persoon_nr) as n_personen
    from op_werk
    where banenafspraak
    group by grouping sets ((jaar), (jaar, gemeente_code), (kwartaal), (kwartaal, gemeente_code))
),

-- Of every kind: an employer with a proefplaatsing has a placement.
per_werkgever as (
    select
        jaar,
        gemeente_code,
        count(*) as plaatsingen
    from {{ ref('int_plaatsing') }}
    group by grouping sets ((jaar, werkgever_id), (jaar, gemeente_code, werkgever_id))
),

uniek as (
    select
        'werken_met_behoud_van_uitkering_personen' as indicator_id,
        gemeente_code,
        jaar as periode,
        count(distinct persoon_nr) as teller,
        cast(null as bigint) as n_werkgevers,
        cast(null as double) as grootste_aandeel
    from {{ ref('int_plaatsing') }}
    where not op_werk
    group by {{ per_jaar }}
    union all
    -- A year is the twelve months that end on its last day.
    select
        'unieke_werkgevers' as indicator_id,
        gemeente_code,
        jaar as periode,
        count(*) as teller,
        count(*) as n_werkgevers,
        max(plaatsingen) / sum(plaatsingen) as grootste_aandeel
    from per_werkgever
    group by jaar, gemeente_code
)

select indicator_id, regio_code, periode, dimensie, categorie, teller from aantallen
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, teller from per_groep where dimensie = 'prioriteitsgroep'
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, teller, noemer from aandelen
union all by name
select
    'banen_25_5' as indicator_id,
    coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    {{ deling('uren', '25.5') }} as waarde,
    n_personen
from banen
union all by name
select
    indicator_id,
    coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    teller,
    n_werkgevers,
    grootste_aandeel
from uniek
