{# Tests on intervals of days. #}

{# Of one person (or dossier) no interval begins before the one before it has ended and more than `onderbreking` days have passed. This is what lets an ASOF join
   find the only interval that can hold a day. #}
{% test perioden_gescheiden(model, per, onderbreking=0, van='begindatum', tot='laatste_dag') %}
select *
from (
    select
        {{ per }},
        {{ van }} as van,
        {{ tot }} as tot,
        lag({{ tot }}) over (partition by {{ per }} order by {{ van }}, {{ tot }}) as vorige_tot
    from {{ model }}
)
where van > tot or van - vorige_tot - 1 <= {{ onderbreking }}
{% endtest %}

{# The pieces of each whole follow one another day after day, from its first day to its last. #}
{% test dekt_precies(model, sleutel, van, tot, geheel, geheel_van, geheel_tot) %}
with stukken as (
    select
        {{ sleutel }},
        {{ van }} as van,
        {{ tot }} as tot,
        lag({{ tot }}) over op_volgorde + 1 as aansluitend,
        row_number() over op_volgorde = 1 as is_eerste,
        lead({{ van }}) over op_volgorde is null as is_laatste
    from {{ model }}
    window op_volgorde as (partition by {{ sleutel }} order by {{ van }})
)

select {{ sleutel }}, stukken.van, stukken.tot, stukken.aansluitend, geheel.{{ geheel_van }}, geheel.{{ geheel_tot }}
from stukken
full outer join {{ geheel }} as geheel using ({{ sleutel }})
where
    geheel.{{ geheel_van }} is null
    or stukken.van is null
    or stukken.van > stukken.tot
    or stukken.van <> case when stukken.is_eerste then geheel.{{ geheel_van }} else stukken.aansluitend end
    or (stukken.is_laatste and stukken.tot <> geheel.{{ geheel_tot }})
{% endtest %}
