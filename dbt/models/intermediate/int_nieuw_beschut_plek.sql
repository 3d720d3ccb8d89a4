-- Which place nieuw beschut speaks for a person on each day that has one.
with plekken as (
    select 'plek' as soort, persoon_nr, rij_nr, begindatum, laatste_dag
    from {{ ref('stg_nieuw_beschut') }}
    where is_positief and begindatum is not null
)

select * exclude (soort) from ({{ stand_verloop('plekken') }})
