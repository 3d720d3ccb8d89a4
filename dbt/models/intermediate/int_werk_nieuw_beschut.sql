-- Days on which the job is one of nieuw_beschut, merged with gap 0.
with rijen as (
    select * from {{ ref('stg_gesubsidieerd_werk') }} where soort = 'nieuw_beschut'
)

{{ voeg_perioden_samen('rijen', 0) }}
