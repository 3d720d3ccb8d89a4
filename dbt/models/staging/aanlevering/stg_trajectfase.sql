-- Phases of trajecten that began on or before the peildatum.
select
    bron,
    bron_volgorde,
    traject_id,
    fase,
    begindatum
from {{ source('invoer', 'trajectfase') }}
where begindatum <= {{ instelling('peildatum') }}
