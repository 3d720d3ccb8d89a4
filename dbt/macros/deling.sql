{# Means of what was delivered in decimals. #}

{# som / gewicht, both exact decimals, as the number nearest to it: where every score is 7.4 the mean is 7.4 and not 7.3999999999999995. A decimal is seldom a
   double, so 22.2 / 3 is rounded twice; the whole numbers 222000 / 30000 are, and the division rounds once. `cijfers`: digits after the point that som and
   gewicht can have (delivered numbers have 4, a product of two of them 8). What is too large for whole numbers in a double is rounded as before, never an error. #}
{% macro deling(som, gewicht, cijfers=4) -%}
round(({{ som }})::double * 1e{{ cijfers }}) / round(({{ gewicht }})::double * 1e{{ cijfers }})
{%- endmacro %}
