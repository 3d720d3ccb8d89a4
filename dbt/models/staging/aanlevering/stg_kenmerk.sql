-- Traits with history, in the categories of the registry; what begins after the peildatum is unknown.
with op_peildatum as (
    select
        nummer.persoon_nr,
        bron.kenmerk,
        trim(bron.waarde) as waarde,
        bron.begindatum,
        case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag,
        bron.bron_volgorde
    from {{ source('invoer', 'kenmerk') }} as bron
    inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
    where bron.begindatum <= {{ instelling('peildatum') }}
),

in_categorieen as (
    select
        * exclude (waarde),
        case
            when kenmerk not in ('statushouder', 'arbeidsbeperking') then waarde
            when lower(waarde) in ('1', 'ja', 'j', 'true') then 'ja'
            when lower(waarde) in ('0', 'nee', 'n', 'false') then 'nee'
        end as waarde
    from op_peildatum
)

select
    kenmerken.persoon_nr,
    kenmerken.kenmerk,
    coalesce(bekend.categorie, 'onbekend') as waarde,
    kenmerken.begindatum,
    kenmerken.laatste_dag,
    kenmerken.bron_volgorde
from in_categorieen as kenmerken
left join {{ source('invoer', 'uitsplitsing') }} as bekend
    on kenmerken.kenmerk = bekend.dimensie and kenmerken.waarde = bekend.categorie
where kenmerken.kenmerk in ('geslacht', 'statushouder', 'arbeidsbeperking', 'arbeidsvermogen')
