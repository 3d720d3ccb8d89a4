-- Merged spells of regelingen_terugkeer: what counts as a return, and as having a benefit in the work measures.
with geteld as (
    select *
    from {{ ref('stg_uitkering') }}
    where list_contains({{ instelling('regelingen_terugkeer') }}, regeling)
)

{{ voeg_perioden_samen('geteld', instelling('onderbreking_dagen'), met_vorige=true) }}
