-- Every (person, day) on which a trait is asked for, of persons of whom traits have a history: days of outflow, of inflow, year ends with a benefit and
-- first days of placements on work. For everybody else persoon says it, on any day.
with momenten as (
    select persoon_nr, laatste_dag as dag from {{ ref('int_uitkeringsperiode') }} where geeindigd
    union all
    select persoon_nr, begindatum as dag from {{ ref('int_uitkeringsperiode') }}
    union all
    select persoon_nr, dag from {{ ref('int_stand_jaareinde') }}
    union all
    select persoon_nr, begindatum as dag from {{ ref('stg_plaatsing') }} where op_werk
)

select distinct momenten.persoon_nr, momenten.dag
from momenten
semi join {{ ref('stg_kenmerk') }} as kenmerk on momenten.persoon_nr = kenmerk.persoon_nr
