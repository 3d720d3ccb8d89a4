-- Persons with a quarantined uitkering or dienstverband row whose id can be read: their history is not complete.
select distinct nummer.persoon_nr
from {{ source('invoer', 'quarantaine') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.entiteit in ('uitkering', 'dienstverband')
