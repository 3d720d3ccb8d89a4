{# Medians of durations of which some are still going on: Kaplan-Meier over all that began. #}

{# Per region and year the smallest duration after which half or less remains (no row where it is never reached), how many were followed, and how many persons
   these are. `bron` must have persoon_nr, gemeente_code (never null), jaar, duur (whole days, 0 or more) and gebeurtenis (false: still going on, or no longer followed).
   `per`: further columns of `bron` (never null), a median for each of their values. Gives regio_code, periode, `per`, waarde, noemer, n_personen. On one duration
   events come before censoring: who is censored there was still at risk.
   For a fact: select '<indicator_id>' as indicator_id, ..., from ({{ mediaan_per_regio('duren') }}). #}
{% macro mediaan_per_regio(bron, per=[]) -%}
{%- set sleutel = (['regio_code', 'jaar'] + per) | join(', ') -%}
{%- set jaarsleutel = (['jaar'] + per) | join(', ') -%}
select
    regio_code,
    jaar as periode,
    {%- for kolom in per %}
    {{ kolom }},
    {%- endfor %}
    (min(verloop.duur) filter (verloop.blijft <= 0.5 + 1e-9))::double as waarde,
    any_value(gevolgd.noemer) as noemer,
    any_value(gevolgd.n_personen) as n_personen
from (
    select
        *,
        product(1 - gebeurtenissen / in_beeld) over (partition by {{ sleutel }} order by duur rows unbounded preceding) as blijft
    from (
        select
            *,
            sum(aantal) over (partition by {{ sleutel }} order by duur desc rows unbounded preceding) as in_beeld
        from (
            select
                coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
                {{ jaarsleutel }},
                duur,
                count(*) as aantal,
                count(*) filter (gebeurtenis) as gebeurtenissen
            from {{ bron }}
            group by grouping sets (({{ jaarsleutel }}, duur), ({{ jaarsleutel }}, gemeente_code, duur))
        )
    )
) as verloop
inner join (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        {{ jaarsleutel }},
        count(*)::bigint as noemer,
        count(distinct persoon_nr)::bigint as n_personen
    from {{ bron }}
    group by grouping sets (({{ jaarsleutel }}), ({{ jaarsleutel }}, gemeente_code))
) as gevolgd using ({{ sleutel }})
group by {{ sleutel }}
having min(verloop.blijft) <= 0.5 + 1e-9
{%- endmacro %}
