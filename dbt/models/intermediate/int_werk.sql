-- Days with work (loondienst or zelfstandig), merged with gap 0: 'has work on d'.
with werk as (
    select * from {{ ref('stg_dienstverband') }} where soort in ('loondienst', 'zelfstandig')
)

{{ voeg_perioden_samen('werk', 0) }}
