-- Which phase a traject is in on each day that has one: of the phases that cover the day the one that began last. A phase belongs to the traject of that number
-- of its own source, else of the first source that has it, and ends with it at the latest.
with elders as (
    select
        fase.*,
        min_by(traject.persoon_nr, traject.bron_volgorde) as persoon_nr,
        min_by(traject.traject_nr, traject.bron_volgorde) as traject_nr
    from {{ ref('stg_trajectfase') }} as fase
    anti join {{ ref('stg_traject') }} as eigen on fase.traject_id = eigen.traject_id and fase.bron = eigen.bron
    inner join {{ ref('stg_traject') }} as traject on fase.traject_id = traject.traject_id
    group by all
),

toegewezen as (
    select fase.*, traject.persoon_nr, traject.traject_nr
    from {{ ref('stg_trajectfase') }} as fase
    inner join {{ ref('stg_traject') }} as traject on fase.traject_id = traject.traject_id and fase.bron = traject.bron
    union all by name
    select * from elders
),

fasen as (
    select
        traject.traject_nr as soort,
        fase.persoon_nr,
        traject.gemeente_code,
        fase.fase,
        fase.begindatum,
        least(fase.laatste_dag, traject.laatste_dag) as laatste_dag,
        row_number() over (order by fase.begindatum, fase.bron_volgorde desc)::integer as rij_nr
    from toegewezen as fase
    inner join {{ ref('stg_traject') }} as traject using (persoon_nr, traject_nr)
    where fase.begindatum <= traject.laatste_dag
)

select
    verloop.persoon_nr,
    verloop.soort as traject_nr,
    fasen.gemeente_code,
    fasen.fase,
    verloop.van,
    verloop.tot
from ({{ stand_verloop('fasen') }}) as verloop
inner join fasen using (rij_nr)
