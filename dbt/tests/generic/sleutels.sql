{# Tests on keys: what makes a row one row, and which rows must exist. Nothing about the meaning of a column. #}

{# No two rows with the same key. #}
{% test unieke_sleutel(model, kolommen) %}
select {{ kolommen | join(', ') }}, count(*) as rijen
from {{ model }}
group by {{ kolommen | join(', ') }}
having count(*) > 1
{% endtest %}

{# None of these columns is empty. One scan for all of them. #}
{% test gevuld(model, kolommen) %}
select {{ kolommen | join(', ') }}
from {{ model }}
where {% for kolom in kolommen %}{{ kolom }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}

{# Every value of the column occurs in a column of another table. #}
{% test verwijzing(model, kolom, naar, veld, waar='true') %}
select distinct rij.{{ kolom }}
from {{ model }} as rij
anti join {{ naar }} as doel on rij.{{ kolom }} = doel.{{ veld }}
where {{ waar }}
{% endtest %}

{# The same keys here and there, each of them once here: nothing was lost on the way and nothing came in twice. #}
{% test zelfde_sleutels(model, kolommen, naar, kolommen_daar=none, waar_daar='true') %}
{%- set daar = kolommen_daar or kolommen %}
{#- One aggregate over both instead of a join: at millions of keys half the time. #}
select
    {{ kolommen | join(', ') }},
    sum(hier) as aantal_hier,
    sum(daar) as aantal_daar
from (
    select {{ kolommen | join(', ') }}, 1 as hier, 0 as daar
    from {{ model }}
    union all
    select {% for kolom in kolommen %}{{ daar[loop.index0] }} as {{ kolom }}, {% endfor %}0 as hier, 1 as daar
    from {{ naar }}
    where {{ waar_daar }}
)
group by {{ kolommen | join(', ') }}
having sum(hier) <> 1 or sum(daar) = 0
{% endtest %}
