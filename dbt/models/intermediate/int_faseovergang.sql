-- Changes of phase within a traject, on the first day of the later phase. A phase belongs to the traject of that number of its own source, else of the first source
-- that has it; without one it counts for the organisation only.
with opeenvolgend as (
    select
        *,
        lag(fase) over (partition by traject_id, bron order by begindatum) as vorige_fase
    from {{ ref('stg_trajectfase') }}
),

overgangen as (
    select
        opeenvolgend.traject_id,
        opeenvolgend.begindatum as dag,
        opeenvolgend.vorige_fase || ' > ' || opeenvolgend.fase as faseovergang,
        traject.gemeente_code
    from opeenvolgend
    left join {{ ref('stg_traject') }} as traject
        on opeenvolgend.traject_id = traject.traject_id and opeenvolgend.bron = traject.bron
    where opeenvolgend.vorige_fase <> opeenvolgend.fase
),

elders as (
    select
        traject.traject_id,
        min_by(traject.gemeente_code, traject.bron_volgorde) as gemeente_code
    from {{ ref('stg_traject') }} as traject
    semi join (select traject_id from overgangen where gemeente_code is null) as gezocht on traject.traject_id = gezocht.traject_id
    group by traject.traject_id
)

select
    coalesce(overgangen.gemeente_code, elders.gemeente_code, 'onbekend') as gemeente_code,
    overgangen.dag,
    overgangen.faseovergang
from overgangen
left join elders on overgangen.traject_id = elders.traject_id
