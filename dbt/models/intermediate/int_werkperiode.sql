-- Work merged over gaps of at most werk_onderbreking_dagen: what 'onafgebroken' means.
with werk as (
    select * from {{ ref('stg_dienstverband') }} where soort in ('loondienst', 'zelfstandig')
)

{{ voeg_perioden_samen('werk', instelling('werk_onderbreking_dagen')) }}
