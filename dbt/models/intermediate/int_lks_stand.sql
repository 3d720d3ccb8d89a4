-- Which decision speaks for a person on each day with loonkostensubsidie, three times: of all decisions, of those without nieuw beschut, and of those whose
-- loonwaarde counts.
with rijen as (
    select 'alle' as soort, persoon_nr, rij_nr, begindatum, laatste_dag
    from {{ ref('stg_lks') }}
    union all
    select 'regulier' as soort, persoon_nr, rij_nr, begindatum, laatste_dag
    from {{ ref('stg_lks') }}
    where not nieuw_beschut
    union all
    select 'loonwaarde' as soort, persoon_nr, rij_nr, begindatum, laatste_dag
    from {{ ref('stg_lks') }}
    where not nieuw_beschut and not forfaitair and loonwaarde is not null
)

select * from ({{ stand_verloop('rijen') }})
