-- Jobs and UWV benefits as known on the peildatum.
select
    nummer.persoon_nr,
    bron.soort,
    bron.begindatum,
    case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag
from {{ source('invoer', 'dienstverband') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.begindatum <= {{ instelling('peildatum') }}
