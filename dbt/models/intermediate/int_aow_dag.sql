-- The first day d on which d >= geboortedatum + the AOW age in force in the year of d.
with mogelijk as (
    select
        persoon.persoon_nr,
        greatest({{ plus_maanden('persoon.geboortedatum', 'lijst.maanden') }}, make_date(lijst.van_jaar, 1, 1)) as dag,
        lijst.tot_jaar
    from {{ ref('stg_persoon') }} as persoon
    cross join {{ source('invoer', 'aow_leeftijd') }} as lijst
    where persoon.geboortedatum is not null
)

select
    persoon_nr,
    min(dag) as aow_dag
from mogelijk
where year(dag) <= tot_jaar
group by persoon_nr
