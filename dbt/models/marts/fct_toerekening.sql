-- Outflow to work beside what came before it, for both definitions of outflow to work.
with momenten as (
    {%- for populatie in ['werk_reden', 'werk_polis'] %}
    select 'toerekening__{{ populatie }}' as indicator_id, gemeente_code, jaar, kwartaal, toerekening
    from {{ ref('int_toerekening') }}
    where in_{{ populatie }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

aantallen as (
    {{ tel_cellen('momenten', ['toerekening']) }}
)

select * from aantallen
