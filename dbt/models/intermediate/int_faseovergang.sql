-- Changes of phase within a traject, on the first day of the later phase. A phase of which the traject is not known counts for the organisation only.
with opeenvolgend as (
    select
        *,
        lag(fase) over (partition by bron, traject_id order by begindatum) as vorige_fase
    from {{ ref('stg_trajectfase') }}
)

select
    coalesce(traject.gemeente_code, 'onbekend') as gemeente_code,
    opeenvolgend.begindatum as dag,
    opeenvolgend.vorige_fase || ' > ' || opeenvolgend.fase as faseovergang
from opeenvolgend
left join {{ ref('stg_traject') }} as traject on opeenvolgend.traject_id = traject.traject_id
where opeenvolgend.vorige_fase <> opeenvolgend.fase
-- Of several sources with a traject of this number its own one, else the first.
qualify row_number() over (
    partition by opeenvolgend.bron, opeenvolgend.traject_id, opeenvolgend.begindatum
    order by traject.bron = opeenvolgend.bron desc, traject.bron_volgorde
) = 1
