{{ config(materialized='view') }}
-- Phases of trajecten that began on or before the peildatum. A view: they are asked once.
select
    bron,
    traject_id,
    fase,
    begindatum
from {{ source('invoer', 'trajectfase') }}
where begindatum <= {{ instelling('peildatum') }}
