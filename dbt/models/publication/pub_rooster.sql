-- The grid: every cell that a release has, before anything is counted. Periods lie whole between reeks_begin and the peildatum.
with dagen as (
    select
        min(reeks_begin) as eerste,
        {{ instelling('peildatum') }} as laatste
    from {{ source('invoer', 'indicator') }}
),

maanden as (
    select unnest(generate_series(date_trunc('year', dagen.eerste)::date, dagen.laatste, interval 1 month))::date as dag
    from dagen
),

perioden as (
    select 'JJ' as periodesoort, {{ jaar_code('dag') }} as periode, dag as eerste_dag, (dag + interval 1 year)::date - 1 as laatste_dag
    from maanden
    where month(dag) = 1
    union all
    select 'KW' as periodesoort, {{ kwartaal_code('dag') }} as periode, dag as eerste_dag, (dag + interval 3 month)::date - 1 as laatste_dag
    from maanden
    where month(dag) % 3 = 1
    union all
    select 'MM' as periodesoort, {{ maand_code('dag') }} as periode, dag as eerste_dag, last_day(dag) as laatste_dag
    from maanden
),

indicatorperioden as (
    select
        indicator.*,
        perioden.periodesoort,
        perioden.periode,
        perioden.eerste_dag,
        perioden.laatste_dag
    from {{ source('invoer', 'indicator') }} as indicator
    inner join {{ source('invoer', 'indicator_periode') }} as soort using (indicator_id)
    inner join perioden
        on soort.periodesoort = perioden.periodesoort
        and perioden.eerste_dag >= indicator.reeks_begin
        and perioden.laatste_dag <= {{ instelling('peildatum') }}
),

uitsplitsingen as (
    select indicator_id, 'totaal' as dimensie, 'totaal' as categorie, true as gemeenten
    from {{ source('invoer', 'indicator') }}
    where totaal
    union all
    select uitsplitsing.indicator_id, uitsplitsing.dimensie, categorie.categorie, uitsplitsing.gemeenten
    from {{ source('invoer', 'indicator_uitsplitsing') }} as uitsplitsing
    inner join {{ source('invoer', 'uitsplitsing') }} as categorie using (dimensie)
)

select
    cel.indicator_id,
    cel.definitie_id,
    regio.regio_code,
    cel.periode,
    uitsplitsingen.dimensie,
    uitsplitsingen.categorie,
    case when uitsplitsingen.dimensie = 'reden_niet_volgbaar' then 'momenten' else cel.eenheid end as eenheid,
    case when uitsplitsingen.dimensie = 'reden_niet_volgbaar' then 'aantal' else cel.meettype end as meettype,
    cel.meetbaar = 'horizon' and cel.meettype = 'percentage' as met_niet_volgbaar,
    cel.eerste_dag,
    cel.laatste_dag,
    cel.historie_grens,
    cel.geleverd and not (
        uitsplitsingen.dimensie = 'werk_na_uitstroom'
        and not ({{ instelling('werk_geleverd') }} and {{ instelling('lks_geleverd') }})
    ) as geleverd,
    case
        when cel.meetbaar = 'horizon' then {{ plus_maanden(plus_maanden('cel.laatste_dag', 'cel.horizon'), instelling('lag_maanden')) }}
        when cel.meetbaar = 'werk' or uitsplitsingen.dimensie = 'werk_na_uitstroom'
            then {{ plus_maanden(plus_maanden('cel.laatste_dag', 1), instelling('lag_maanden')) }}
    end as meetbaar_vanaf,
    case
        when cel.meettype = 'curve'
            then {{ plus_maanden(plus_maanden('cel.laatste_dag', 'try_cast(uitsplitsingen.categorie as integer)'), instelling('lag_maanden')) }}
        else {{ plus_maanden('cel.laatste_dag', instelling('lag_maanden')) }}
    end as definitief_vanaf
from indicatorperioden as cel
inner join uitsplitsingen
    on cel.indicator_id = uitsplitsingen.indicator_id
    and (uitsplitsingen.dimensie = 'totaal' or cel.periodesoort = 'JJ')
inner join {{ source('invoer', 'regio') }} as regio
    on regio.is_organisatie or uitsplitsingen.gemeenten
