-- Benefit rows as known on the peildatum: a begin after it is ignored, an end after it (with its reason) reads as open.
select
    nummer.persoon_nr,
    bron.dossier_id,
    bron.regeling,
    bron.gemeente_code,
    bron.begindatum,
    case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag,
    case when bron.einddatum <= {{ instelling('peildatum') }} then bron.reden_einde end as reden_einde,
    coalesce(bron.leefvorm, 'onbekend') as leefvorm
from {{ source('invoer', 'uitkering') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.begindatum <= {{ instelling('peildatum') }}
