-- Who is in service on which days, with the traject that speaks and the day since when without interruption: one row a stretch of days.
with begonnen as (
    select
        'traject' as soort,
        persoon_nr,
        traject_nr as rij_nr,
        begindatum,
        laatste_dag
    from {{ ref('stg_traject') }}
    where begindatum is not null
),

verloop as (
    {{ stand_verloop('begonnen') }}
),

in_dienst as (
    {{ voeg_perioden_samen('begonnen', 0) }}
)

select
    verloop.persoon_nr,
    traject.traject_nr,
    traject.gemeente_code,
    verloop.van,
    verloop.tot,
    verloop.stand_tot,
    in_dienst.begindatum as b
from verloop
inner join in_dienst
    on verloop.persoon_nr = in_dienst.persoon_nr and verloop.van >= in_dienst.begindatum and verloop.van <= in_dienst.laatste_dag
inner join {{ ref('stg_traject') }} as traject on verloop.persoon_nr = traject.persoon_nr and verloop.rij_nr = traject.traject_nr
