-- Employments under the Wsw as known on the peildatum. The higher rij_nr speaks where two of a person cover one day: the later begin, then the first source.
select
    row_number() over (order by bron.begindatum, bron.bron_volgorde desc)::integer as rij_nr,
    nummer.persoon_nr,
    bron.gemeente_code,
    bron.begindatum,
    case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag,
    bron.fte,
    case when bron.arbeidshandicap = 'ernstig' then bron.fte * 1.25 else bron.fte end as se,
    bron.werkvorm
from {{ source('invoer', 'sw') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.begindatum <= {{ instelling('peildatum') }}
