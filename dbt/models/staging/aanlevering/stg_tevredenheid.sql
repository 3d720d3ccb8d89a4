-- Outcomes of surveys as delivered. A year that is not over on the peildatum has no cell in the grid, so nothing is cut off here.
select onderzoek_id, jaar, groep, score, n, uitgenodigd
from {{ source('invoer', 'tevredenheid') }}
