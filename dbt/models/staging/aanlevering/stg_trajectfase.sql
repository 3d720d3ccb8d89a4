{{ config(materialized='view') }}
-- Phases of trajecten that began on or before the peildatum, an end after it reads as open. A view: little is done to them.
select
    bron,
    bron_volgorde,
    traject_id,
    fase,
    begindatum,
    case when einddatum <= {{ instelling('peildatum') }} then einddatum else {{ open_einde() }} end as laatste_dag
from {{ source('invoer', 'trajectfase') }}
where begindatum <= {{ instelling('peildatum') }}
