-- Small integers instead of 64-character pseudonyms: every join after this one is on integers.
{%- set entiteiten = [
    'persoon', 'kenmerk', 'uitkering', 'dienstverband', 'inkomsten', 'traject', 'voorziening', 'plaatsing', 'lks', 'nieuw_beschut', 'sw', 'verzuim', 'meting', 'quarantaine'
] %}
select
    persoon,
    row_number() over (order by persoon)::integer as persoon_nr
from (
    {%- for entiteit in entiteiten %}
    select persoon from {{ source('invoer', entiteit) }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
)
where persoon is not null
