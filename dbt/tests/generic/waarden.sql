{# Tests on values: what a column may hold, and what must hold within one row. #}

{# Every value of these columns is a category of the break-down of the same name in the registry. An empty one is wrong too: in the counting it would be taken
   for a total. #}
{% test bekende_categorieen(model, dimensies, waar='true') %}
with gevonden as (
    {%- for dimensie in dimensies %}
    select distinct '{{ dimensie }}' as dimensie, {{ dimensie }} as categorie from {{ model }} where {{ waar }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select gevonden.dimensie, gevonden.categorie
from gevonden
anti join {{ source('invoer', 'uitsplitsing') }} as bekend
    on gevonden.dimensie = bekend.dimensie and gevonden.categorie = bekend.categorie
{% endtest %}

{# Only these values; empty is wrong too. #}
{% test toegestane_waarden(model, kolom, waarden) %}
select {{ kolom }}, count(*) as rijen
from {{ model }}
where coalesce({{ kolom }} not in ({% for waarde in waarden %}'{{ waarde }}'{{ ', ' if not loop.last }}{% endfor %}), true)
group by {{ kolom }}
{% endtest %}

{# Each of these rules holds in each row; a rule that comes out as null does not hold. `regels`: name → expression. #}
{% test geldt(model, regels) %}
with beoordeeld as (
    select
        *,
        case
            {%- for naam, expressie in regels.items() %}
            when not coalesce({{ expressie }}, false) then '{{ naam }}'
            {%- endfor %}
        end as geschonden
    from {{ model }}
)

select *
from beoordeeld
where geschonden is not null
{% endtest %}
