-- The grid: every cell that a release has, before anything is counted. Periods (dim_periode) begin on or after reeks_begin.
with indicatorperioden as (
    select
        indicator.*,
        perioden.periodesoort,
        perioden.periode,
        perioden.eerste_dag,
        perioden.laatste_dag
    from {{ source('invoer', 'indicator') }} as indicator
    inner join {{ source('invoer', 'indicator_periode') }} as soort using (indicator_id)
    inner join {{ ref('dim_periode') }} as perioden
        on soort.periodesoort = perioden.periodesoort
        and perioden.eerste_dag >= indicator.reeks_begin
),

uitsplitsingen as (
    select indicator_id, 'totaal' as dimensie, 'totaal' as categorie, gemeenten
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
    case
        when uitsplitsingen.dimensie = 'reden_niet_volgbaar' then 'aantal'
        when cel.maandgemiddelde and cel.periodesoort <> 'MM' then 'gemiddelde'
        else cel.meettype
    end as meettype,
    cel.thema,
    cel.leeg,
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
inner join {{ source('invoer', 'taak_regio') }} as regio
    on cel.taak = regio.taak and (regio.is_organisatie or uitsplitsingen.gemeenten)
