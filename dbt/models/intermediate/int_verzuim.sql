-- Absence per person and quarter with the gemeente where it counts: that of the employment with the latest begin of those with a day in the month. Who has one
-- employment, the most by far, needs no comparison.
with per_persoon as (
    select
        persoon_nr,
        count(*) as aantal,
        any_value(gemeente_code) as gemeente_code,
        any_value(begindatum) as begindatum,
        any_value(laatste_dag) as laatste_dag
    from {{ ref('stg_sw') }}
    group by persoon_nr
),

met_een as (
    select
        verzuim.*,
        case
            when per_persoon.begindatum <= last_day(verzuim.eerste_dag) and per_persoon.laatste_dag >= verzuim.eerste_dag
                then per_persoon.gemeente_code
            else 'onbekend'
        end as gemeente_code
    from {{ ref('stg_verzuim') }} as verzuim
    left join per_persoon on verzuim.persoon_nr = per_persoon.persoon_nr
    where coalesce(per_persoon.aantal, 1) = 1
),

maanden as (
    select
        verzuim.persoon_nr,
        verzuim.eerste_dag,
        max_by(sw.gemeente_code, sw.rij_nr) as gemeente_code
    from {{ ref('stg_verzuim') }} as verzuim
    semi join (select * from per_persoon where aantal > 1) as meer on verzuim.persoon_nr = meer.persoon_nr
    inner join {{ ref('stg_sw') }} as sw
        on verzuim.persoon_nr = sw.persoon_nr
        and sw.begindatum <= last_day(verzuim.eerste_dag)
        and sw.laatste_dag >= verzuim.eerste_dag
    group by verzuim.persoon_nr, verzuim.eerste_dag
),

met_meer as (
    select verzuim.*, coalesce(maanden.gemeente_code, 'onbekend') as gemeente_code
    from {{ ref('stg_verzuim') }} as verzuim
    semi join (select * from per_persoon where aantal > 1) as meer on verzuim.persoon_nr = meer.persoon_nr
    left join maanden on verzuim.persoon_nr = maanden.persoon_nr and verzuim.eerste_dag = maanden.eerste_dag
)

select
    persoon_nr,
    gemeente_code,
    date_trunc('quarter', eerste_dag)::date as kwartaal_begin,
    sum(verzuimdagen) as verzuimdagen,
    sum(beschikbare_dagen) as beschikbare_dagen,
    sum(meldingen) as meldingen,
    count(meldingen) as maanden_met_meldingen
from (
    select * from met_een
    union all
    select * from met_meer
)
group by persoon_nr, gemeente_code, kwartaal_begin
