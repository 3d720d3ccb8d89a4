-- Every count and curve point that was computed, in one shape, keyed as the grid is.
{%- set leeg = 'cast(null as bigint)' %}
{%- set geen = 'cast(null as double)' %}
select indicator_id, regio_code, periode, dimensie, categorie, teller, {{ leeg }} as noemer, {{ leeg }} as n_niet_volgbaar, {{ leeg }} as n_risico,
    {{ geen }} as waarde, {{ geen }} as ondergrens, {{ geen }} as bovengrens
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
