{# What became of an outflow, packed in a few small numbers, so that it is counted in one go: `groep` holds one bit per population, `meting`, `redenen` and
   `bestemmingen` four bits per horizon. Packed by fct_uitstroom_geteld, read again by the facts that are made of it. #}

{% macro populaties() %}{{ return(['werk_reden', 'werk_polis', 'werk_inkomen', 'werk_onderneming_onderwijs']) }}{% endmacro %}
{% macro redenen_niet_volgbaar() %}{{ return(['volgbaar', 'bronfout', 'overlijden', 'verhuizing', 'pensioen']) }}{% endmacro %}
{% macro bestemmingen() %}{{ return(['niet_volgbaar', 'uitkering_met_werk', 'uitkering', 'werk_onafgebroken', 'werk_met_onderbreking', 'uwv_uitkering', 'geen_van_deze']) }}{% endmacro %}

{# Each horizon with its place in the packed numbers. #}
{% macro horizonnen() -%}
select horizon, (row_number() over (order by horizon) - 1)::integer as plaats
from (select distinct horizon from {{ source('invoer', 'indicator') }} where horizon is not null)
{%- endmacro %}

{% macro groep() -%}
{%- for populatie in populaties() %}{{ 2 ** loop.index0 }} * in_{{ populatie }}::integer{{ ' + ' if not loop.last }}{% endfor %}
{%- endmacro %}

{% macro in_populatie(naam) -%}
{%- if naam == 'alle' %}true{% else %}(groep & {{ 2 ** populaties().index(naam) }}) <> 0{% endif %}
{%- endmacro %}

{# The type of a column that holds one of these words: reads and compares as text, is stored as one byte. #}
{% macro een_van(woorden) %}enum('{{ woorden | join("', '") }}'){% endmacro %}

{# The number of a word in a list, from 0, and the word again. #}
{% macro nummer_van(kolom) %}enum_code({{ kolom }}){% endmacro %}
{% macro woord_van(nummer, woorden) %}(['{{ woorden | join("', '") }}'])[{{ nummer }} + 1]{% endmacro %}

{# Together over the horizons of one outflow, and the part of one horizon. A part is at most 15. #}
{% macro pak(deel) %}bit_or(({{ deel }})::bigint << (4 * plaats)){% endmacro %}
{% macro pak_uit(getal) %}((({{ getal }}) >> (4 * plaats)) & 15){% endmacro %}
