{# Counting into the cells of the grid what belongs to different indicators: everything is counted once per combination, then added up per cell. #}

{# Totals per year and quarter, break-downs per year, for the organisation and per gemeente. `bron`: indicator_id, gemeente_code (never null), jaar and kwartaal
   (null where the row is of no year or quarter), and the columns of `dimensies` (null where the row has no such break-down: it is in no category of it).
   `tellingen`: column → aggregate that may be added up, so no distinct counts. Gives indicator_id, regio_code, periode, dimensie, categorie and the columns
   of `tellingen`. #}
{% macro tel_cellen(bron, dimensies=[], tellingen={'teller': 'count(*)'}) -%}
with voorgeteld as (
    select
        indicator_id,
        gemeente_code,
        jaar,
        kwartaal,
        {%- for dimensie in dimensies %}
        {{ dimensie }},
        {%- endfor %}
        {%- for kolom, telling in tellingen.items() %}
        {{ telling }} as {{ kolom }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ bron }}
    group by indicator_id, gemeente_code, jaar, kwartaal{{ ', ' if dimensies }}{{ dimensies | join(', ') }}
),

cellen as (
    {%- for periode in ['jaar', 'kwartaal'] %}
    select
        indicator_id, gemeente_code, {{ periode }} as periode, 'totaal' as dimensie, 'totaal' as categorie,
        {{ tellingen.keys() | join(', ') }}
    from voorgeteld
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {%- for dimensie in dimensies %}
    union all
    select
        indicator_id, gemeente_code, jaar as periode, '{{ dimensie }}' as dimensie, {{ dimensie }} as categorie,
        {{ tellingen.keys() | join(', ') }}
    from voorgeteld
    where {{ dimensie }} is not null
    {%- endfor %}
)

select
    indicator_id,
    coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    periode,
    dimensie,
    categorie,
    {%- for kolom in tellingen %}
    sum({{ kolom }})::bigint as {{ kolom }}{{ ',' if not loop.last }}
    {%- endfor %}
from cellen
where periode is not null
group by grouping sets (
    (indicator_id, periode, dimensie, categorie), (indicator_id, periode, dimensie, categorie, gemeente_code)
)
{%- endmacro %}
