-- One row a person: of several sources the first in the configuration that has the person. A death or departure after the peildatum is unknown.
with eerste_bron as (
    select *
    from {{ source('invoer', 'persoon') }}
    qualify row_number() over (partition by persoon order by bron_volgorde, bestand, rij) = 1
)

select
    nummer.persoon_nr,
    eerste_bron.geboortedatum,
    coalesce(eerste_bron.geslacht, 'onbekend') as geslacht,
    case when eerste_bron.overlijdensdatum <= {{ instelling('peildatum') }} then eerste_bron.overlijdensdatum end as overlijdensdatum,
    case when eerste_bron.vertrekdatum <= {{ instelling('peildatum') }} then eerste_bron.vertrekdatum end as vertrekdatum,
    case when eerste_bron.statushouder then 'ja' when not eerste_bron.statushouder then 'nee' else 'onbekend' end as statushouder,
    case when eerste_bron.arbeidsbeperking then 'ja' when not eerste_bron.arbeidsbeperking then 'nee' else 'onbekend' end as arbeidsbeperking,
    coalesce(eerste_bron.arbeidsvermogen, 'onbekend') as arbeidsvermogen,
    eerste_bron.gemeente_code,
    case when eerste_bron.doelgroepregister_begin <= {{ instelling('peildatum') }} then eerste_bron.doelgroepregister_begin end as doelgroepregister_begin,
    case when eerste_bron.doelgroepregister_eind <= {{ instelling('peildatum') }} then eerste_bron.doelgroepregister_eind end as doelgroepregister_eind
from eerste_bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
