-- Days on which the job is one of lks, merged with gap 0.
with rijen as (
    select * from {{ ref('stg_gesubsidieerd_werk') }} where soort = 'lks'
)

{{ voeg_perioden_samen('rijen', 0) }}
