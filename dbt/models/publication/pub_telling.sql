-- Everything that was counted or computed, in one shape, keyed as the grid is. A column that a fact does not have is null.
{#- Facts of items 3 to 15: each has the columns of this table that mean something to it. #}
{%- set feiten = [
    'fct_aangemeld',
    'fct_begeleiding',
    'fct_fase',
    'fct_geld',
    'fct_geplaatst',
    'fct_inkomsten',
    'fct_jobcoaching',
    'fct_kwaliteit',
    'fct_lks',
    'fct_lks_bedrag',
    'fct_nieuw_beschut',
    'fct_plaatsingen',
    'fct_sw',
    'fct_sw_verzuim',
    'fct_tevredenheid',
    'fct_toerekening',
    'fct_trajectduur'
] %}
{%- set leeg = 'cast(null as bigint)' %}
{%- set geen = 'cast(null as double)' %}
select indicator_id, regio_code, periode, dimensie, categorie, teller, {{ leeg }} as noemer, {{ leeg }} as n_niet_volgbaar, {{ leeg }} as n_risico,
    {{ geen }} as waarde, {{ geen }} as ondergrens, {{ geen }} as bovengrens,
    {{ leeg }} as n_personen, {{ leeg }} as n_werkgevers, {{ geen }} as grootste_aandeel, cast(null as varchar) as geen_waarde, cast(null as varchar) as status_hoogstens
from {{ ref('fct_stand') }}
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, teller, noemer from {{ ref('fct_instroom') }}
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, teller, noemer from {{ ref('fct_uitstroom') }}
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, teller from {{ ref('fct_verhuizing') }}
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, teller, noemer, n_niet_volgbaar from {{ ref('fct_duurzaamheid') }}
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, n_risico, waarde, ondergrens, bovengrens
from {{ ref('fct_terugkeer') }}
{%- for feit in feiten %}
union all by name
select feit.*
from {{ ref(feit) }} as feit
-- What is counted in a gemeente that the organisation (or the task) does not have, counts for the organisation only.
semi join (
    select indicator.indicator_id, regio.regio_code
    from {{ source('invoer', 'indicator') }} as indicator
    inner join {{ source('invoer', 'taak_regio') }} as regio using (taak)
) as cel on feit.indicator_id = cel.indicator_id and feit.regio_code = cel.regio_code
{%- endfor %}
