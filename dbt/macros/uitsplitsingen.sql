{# A category of a break-down. The type comes from the registry (transform.py): it reads and compares as text and is stored as one byte. What the registry does not
   know becomes null, which bekende_categorieen finds. #}
{% macro categorie(dimensie, waarde) %}try_cast({{ waarde }} as invoer.{{ dimensie }}){% endmacro %}

{# Break-downs: which columns of a fact are dimensions, counted once each with grouping sets. #}

{% macro dimensies_persoon() %}{{ return(['leeftijd', 'uitkeringsduur', 'geslacht', 'leefvorm', 'statushouder', 'arbeidsbeperking', 'arbeidsvermogen']) }}{% endmacro %}
{% macro dimensies_uitstroom() %}{{ return(dimensies_persoon() + ['reden_groep', 'werk_na_uitstroom']) }}{% endmacro %}

{# Totals per period kind and break-downs per year, for the organisation (no gemeente_code) and per gemeente.
   `vast`: columns in every set. `kruisingen`: pairs, for the organisation only. #}
{% macro rooster_sets(perioden, dimensies, kruisingen=[], vast=[]) -%}
grouping sets (
    {%- for periode in perioden %}
    ({{ (vast + [periode]) | join(', ') }}), ({{ (vast + [periode, 'gemeente_code']) | join(', ') }}),
    {%- endfor %}
    {%- for dimensie in dimensies %}
    ({{ (vast + ['jaar', dimensie]) | join(', ') }}), ({{ (vast + ['jaar', 'gemeente_code', dimensie]) | join(', ') }}){{ ',' if not loop.last or kruisingen }}
    {%- endfor %}
    {%- for paar in kruisingen %}
    ({{ (vast + ['jaar', paar[0], paar[1]]) | join(', ') }}){{ ',' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}

{# The columns that name the cell of a grouping set: regio_code, periode, dimensie, categorie. #}
{% macro rooster_cel(perioden, dimensies, kruisingen=[]) -%}
coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    coalesce({{ perioden | reverse | join(', ') }}) as periode,
    case
        {%- for paar in kruisingen %}
        when {{ paar[0] }} is not null and {{ paar[1] }} is not null then '{{ paar[0] }} x {{ paar[1] }}'
        {%- endfor %}
        {%- for dimensie in dimensies %}
        when {{ dimensie }} is not null then '{{ dimensie }}'
        {%- endfor %}
        else 'totaal'
    end as dimensie,
    case
        {%- for paar in kruisingen %}
        when {{ paar[0] }} is not null and {{ paar[1] }} is not null then {{ paar[0] }} || ' x ' || {{ paar[1] }}
        {%- endfor %}
        {%- for dimensie in dimensies %}
        when {{ dimensie }} is not null then {{ dimensie }}::varchar
        {%- endfor %}
        else 'totaal'
    end as categorie
{%- endmacro %}

{# Traits on a day: of a person with history what it says of that day, else what persoon says. For the columns and the joins of a table with persoon_nr. #}
{% macro kenmerken() %}{{ return(['geslacht', 'statushouder', 'arbeidsbeperking', 'arbeidsvermogen']) }}{% endmacro %}

{% macro kenmerken_op_dag(dag) -%}
{{ categorie('leeftijd', leeftijdsklasse('persoon', dag)) }} as leeftijd
{%- for kenmerk in kenmerken() %},
    coalesce(kenmerk.{{ kenmerk }}, persoon.{{ kenmerk }}, {{ categorie(kenmerk, "'onbekend'") }}) as {{ kenmerk }}
{%- endfor %}
{%- endmacro %}

{% macro met_kenmerken(tabel, dag) -%}
left join (
    select
        *
            replace (
                {%- for kenmerk in kenmerken() %}
                {{ categorie(kenmerk, kenmerk) }} as {{ kenmerk }}{{ ',' if not loop.last }}
                {%- endfor %}
            ),
        {{ leeftijdsdagen('geboortedatum') }}
    from {{ ref('stg_persoon') }}
) as persoon
    on {{ tabel }}.persoon_nr = persoon.persoon_nr
left join {{ ref('int_kenmerk_op_dag') }} as kenmerk
    on {{ tabel }}.persoon_nr = kenmerk.persoon_nr and {{ dag }} = kenmerk.dag
{%- endmacro %}

{# Gemeente of a person on a day, of entities that name none: where the benefit of that day is paid, else where persoon says that the person lives.
   What is in no known gemeente counts for the organisation only: it must not be null, which stands for the organisation. #}
{% macro gemeente_op_dag() %}coalesce(verblijf.gemeente_code, woont.gemeente_code, 'onbekend'){% endmacro %}

{% macro met_gemeente_op_dag(tabel, dag) -%}
left join {{ ref('int_uitkeringsverloop') }} as verblijf
    on {{ tabel }}.persoon_nr = verblijf.persoon_nr and {{ dag }} >= verblijf.van and {{ dag }} <= verblijf.tot
left join {{ ref('stg_persoon') }} as woont
    on {{ tabel }}.persoon_nr = woont.persoon_nr
{%- endmacro %}
