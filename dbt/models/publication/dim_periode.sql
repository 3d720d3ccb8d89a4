-- Every year, quarter and month that lies whole between the first reeks_begin and the peildatum.
with dagen as (
    select
        min(reeks_begin) as eerste,
        {{ instelling('peildatum') }} as laatste
    from {{ source('invoer', 'indicator') }}
),

maanden as (
    select unnest(generate_series(date_trunc('year', dagen.eerste)::date, dagen.laatste, interval 1 month))::date as dag
    from dagen
),

perioden as (
    select 'JJ' as periodesoort, {{ jaar_code('dag') }} as periode, dag as eerste_dag, (dag + interval 1 year)::date - 1 as laatste_dag
    from maanden
    where month(dag) = 1
    union all
    select 'KW' as periodesoort, {{ kwartaal_code('dag') }} as periode, dag as eerste_dag, (dag + interval 3 month)::date - 1 as laatste_dag
    from maanden
    where month(dag) % 3 = 1
    union all
    select 'MM' as periodesoort, {{ maand_code('dag') }} as periode, dag as eerste_dag, last_day(dag) as laatste_dag
    from maanden
)

select *
from perioden
where laatste_dag <= {{ instelling('peildatum') }}
