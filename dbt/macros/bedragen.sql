{# Amounts of which some may not be known, and prices of others with their status. #}

{# The sum of all rows, or nothing when one of them is not known. #}
{% macro som_als_alles_bekend(bedrag) -%}
case when count({{ bedrag }}) = count(*) then sum({{ bedrag }}) end
{%- endmacro %}

{# Of statuses of others the weakest: a figure is no more definitive than the weakest number in it. #}
{% macro zwakste_status(status) -%}
{%- set statussen = "['definitief', 'nader_voorlopig', 'voorlopig']" -%}
list_extract({{ statussen }}, max(list_position({{ statussen }}, {{ status }})))
{%- endmacro %}
