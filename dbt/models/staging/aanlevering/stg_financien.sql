-- Budgets and accounts as delivered. A year that is not over on the peildatum has no cell in the grid, so nothing is cut off here.
select jaar, onderdeel, nullif(trim(product), '') as product, post, soort, bedrag, hoeveelheid, prijs, gemeente_code
from {{ source('invoer', 'financien') }}
