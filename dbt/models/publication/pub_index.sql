-- Yearly totals of others' series on one declared base year (100), so that regions of different size and definition can be compared in direction.
with jaartotalen as (
    select *
    from {{ ref('stg_reeks') }}
    where
        dimensie = 'totaal'
        and periode like '____JJ00'
        and eenheid in ('personen', 'momenten', 'uitkeringen', 'plaatsingen', 'banen', 'huishoudens')
),

basis as (
    select bron, definitie_id, regio_code, waarde as basiswaarde, status as basisstatus
    from jaartotalen
    where periode = {{ instelling('index_basisjaar') }} || 'JJ00'
),

-- What lies between the base year and the year, whichever comes first.
breuken as (
    select
        jaartotalen.bron,
        jaartotalen.definitie_id,
        jaartotalen.regio_code,
        jaartotalen.periode,
        string_agg(distinct breuk.reeksbreuk, ' ' order by breuk.reeksbreuk) as reeksbreuk
    from jaartotalen
    inner join {{ ref('pub_reeksbreuk') }} as breuk
        on jaartotalen.bron = breuk.bron and jaartotalen.indicator_id = breuk.indicator_id and jaartotalen.regio_code = breuk.regio_code
    where
        breuk.periode like '____JJ00'
        and breuk.periode > least(jaartotalen.periode, {{ instelling('index_basisjaar') }} || 'JJ00')
        and breuk.periode <= greatest(jaartotalen.periode, {{ instelling('index_basisjaar') }} || 'JJ00')
    group by all
)

select
    'index_' || jaartotalen.indicator_id as indicator_id,
    'index_' || jaartotalen.definitie_id as definitie_id,
    jaartotalen.regio_code,
    jaartotalen.periode,
    case when basis.basiswaarde >= 20 then jaartotalen.waarde * 100.0 / basis.basiswaarde end as waarde,
    case when basis.basiswaarde >= 20 and jaartotalen.waarde is not null then jaartotalen.waarde::bigint end as teller,
    case when basis.basiswaarde >= 20 and jaartotalen.waarde is not null then basis.basiswaarde::bigint end as noemer,
    case
        -- Of the statuses, which stand in an order, these go before nvt.
        when jaartotalen.status in ('niet_geleverd', 'geheim', 'onbekend', 'nog_niet_gepubliceerd') then jaartotalen.status
        when coalesce(basis.basiswaarde < 20, true) then 'nvt'
        when jaartotalen.waarde is null then jaartotalen.status
        when 'voorlopig' in (jaartotalen.status, basis.basisstatus) then 'voorlopig'
        when 'nader_voorlopig' in (jaartotalen.status, basis.basisstatus) then 'nader_voorlopig'
        else 'definitief'
    end as status,
    jaartotalen.bron,
    breuken.reeksbreuk
from jaartotalen
inner join basis
    on jaartotalen.bron = basis.bron and jaartotalen.definitie_id = basis.definitie_id and jaartotalen.regio_code = basis.regio_code
left join breuken
    on jaartotalen.bron = breuken.bron
    and jaartotalen.definitie_id = breuken.definitie_id
    and jaartotalen.regio_code = breuken.regio_code
    and jaartotalen.periode = breuken.periode
