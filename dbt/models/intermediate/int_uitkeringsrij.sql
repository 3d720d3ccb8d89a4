-- Rows of the counted regelingen with the number of the merged spell (uitkeringsperiode) of the person that they belong to.
with geteld as (
    select * exclude (regeling)
    from {{ ref('stg_uitkering') }}
    where list_contains({{ instelling('regelingen') }}, regeling)
)

{{ nummer_perioden('geteld', instelling('onderbreking_dagen')) }}
