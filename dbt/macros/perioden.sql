{# Dates, periods and month arithmetic as contract 2 defines them. One place for the open end. #}

{% macro open_einde() %}DATE '9999-12-31'{% endmacro %}

{# A value of the one-row table of settings. #}
{% macro instelling(naam) %}(select {{ naam }} from {{ source('invoer', 'instellingen') }}){% endmacro %}

{# Of amounts and numbers that are kept per task (int_financien_post, int_getal_van_ander): those of the task of an indicator. #}
{% macro van_de_taak(tabel, indicator) -%}
semi join {{ source('invoer', 'indicator') }} as indicator
    on indicator.indicator_id = '{{ indicator }}' and {{ tabel }}.taak = indicator.taak
{%- endmacro %}

{# d + n months: the same day n months later, clamped to the end of that month. #}
{% macro plus_maanden(dag, maanden) %}cast({{ dag }} + to_months(cast({{ maanden }} as integer)) as date){% endmacro %}

{% macro jaar_code(dag) %}(year({{ dag }}) || 'JJ00'){% endmacro %}
{% macro kwartaal_code(dag) %}(year({{ dag }}) || 'KW0' || quarter({{ dag }})){% endmacro %}
{% macro maand_code(dag) %}(year({{ dag }}) || 'MM' || lpad(month({{ dag }})::varchar, 2, '0')){% endmacro %}

{# The smallest m >= 0 with dag <= e + m months. #}
{% macro maand_sinds(e, dag) -%}
greatest(0, (year({{ dag }}) - year({{ e }})) * 12 + month({{ dag }}) - month({{ e }}))
+ case
    when {{ dag }} > {{ e }} and {{ dag }} > {{ plus_maanden(e, '(year(' ~ dag ~ ') - year(' ~ e ~ ')) * 12 + month(' ~ dag ~ ') - month(' ~ e ~ ')') }} then 1
    else 0
  end
{%- endmacro %}

{# Age classes as months of age at which they begin, the oldest first. #}
{% macro leeftijdsgrenzen() %}{{ return({'55+': 55 * 12, '45-54': 45 * 12, '35-44': 35 * 12, '27-34': 27 * 12}) }}{% endmacro %}

{# The days on which a person comes into a class: once a person instead of at every question. #}
{% macro leeftijdsdagen(geboortedatum) -%}
{%- for maanden in leeftijdsgrenzen().values() %}
{{ plus_maanden(geboortedatum, maanden) }} as dag_{{ maanden }}{{ ', ' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{# The class on a day, of a table with leeftijdsdagen. #}
{% macro leeftijdsklasse(persoon, dag) -%}
case
    when {{ persoon }}.geboortedatum is null then 'onbekend'
    {%- for klasse, maanden in leeftijdsgrenzen().items() %}
    when {{ persoon }}.dag_{{ maanden }} <= {{ dag }} then '{{ klasse }}'
    {%- endfor %}
    else '0-26'
end
{%- endmacro %}

{# Duration of a spell that began on b, with day d included. The shortest first: most are, and what is known is not looked at further. #}
{% macro uitkeringsduur(b, d) -%}
case
    when {{ plus_maanden(b, 12) }} > {{ d }} + 1 then '0-1'
    when {{ plus_maanden(b, 24) }} > {{ d }} + 1 then '1-2'
    when {{ plus_maanden(b, 60) }} > {{ d }} + 1 then '2-5'
    else '5+'
end
{%- endmacro %}
