-- Every (person, day) on which a trait is asked for, of persons of whom traits have a history: days of outflow, of inflow, and year ends with a benefit. For
-- everybody else persoon says it, on any day.
with momenten as (
    select persoon_nr, laatste_dag as dag from {{ ref('int_uitkeringsperiode') }} where geeindigd
    union all
    select persoon_nr, begindatum as dag from {{ ref('int_uitkeringsperiode') }}
    union all
    select persoon_nr, dag from {{ ref('int_stand_jaareinde') }}
)

select distinct momenten.persoon_nr, momenten.dag
from momenten
semi join {{ ref('stg_kenmerk') }} as kenmerk on momenten.persoon_nr = kenmerk.persoon_nr
