-- Days with work in loondienst, merged with gap 0.
with loondienst as (
    select * from {{ ref('stg_dienstverband') }} where soort = 'loondienst'
)

{{ voeg_perioden_samen('loondienst', 0) }}
