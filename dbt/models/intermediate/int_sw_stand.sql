-- Which employment under the Wsw speaks for a person on each day that has one.
with dienstverbanden as (
    select 'sw' as soort, persoon_nr, rij_nr, begindatum, laatste_dag
    from {{ ref('stg_sw') }}
)

select * exclude (soort) from ({{ stand_verloop('dienstverbanden') }})
