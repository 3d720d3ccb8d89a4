-- Who had a day in service in a year, per gemeente: one row a person, gemeente and year.
with jaren as (
    select
        persoon_nr,
        gemeente_code,
        unnest(range(year(begindatum), year(least(laatste_dag, {{ instelling('peildatum') }})) + 1)) as jaar
    from {{ ref('stg_traject') }}
    where begindatum is not null
)

select distinct
    persoon_nr,
    gemeente_code,
    jaar::integer as jaartal
from jaren
