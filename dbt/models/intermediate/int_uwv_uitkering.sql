-- Days with a UWV benefit that arrived as an inkomstenverhouding: never work.
with uwv as (
    select * from {{ ref('stg_dienstverband') }} where soort = 'uwv_uitkering'
)

{{ voeg_perioden_samen('uwv', 0) }}
