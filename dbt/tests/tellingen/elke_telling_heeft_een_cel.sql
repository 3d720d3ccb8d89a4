-- What was counted is published, or lies outside the grid by design: before reeks_begin or not over on the peildatum, a kind of period that the indicator does
-- not have, a break-down that exists for the organisation only, or those who can be followed among the reasons why not.
with zonder_cel as (
    select telling.*
    from {{ ref('pub_telling') }} as telling
    anti join {{ ref('pub_rooster') }} as rooster
        on telling.indicator_id = rooster.indicator_id
        and telling.regio_code = rooster.regio_code
        and telling.periode = rooster.periode
        and telling.dimensie = rooster.dimensie
        and telling.categorie = rooster.categorie
),

met_reden as (
    select
        zonder_cel.*,
        indicator.indicator_id is not null as kent_indicator,
        indicator.reeks_begin,
        regio.is_organisatie,
        indicator.gemeenten and coalesce(uitsplitsing.gemeenten, true) as gemeenten,
        zonder_cel.dimensie = 'totaal' and indicator.totaal or uitsplitsing.dimensie is not null as kent_dimensie,
        soort.periodesoort is not null as kent_periodesoort,
        make_date(
            left(zonder_cel.periode, 4)::integer,
            case substr(zonder_cel.periode, 5, 2)
                when 'JJ' then 1 when 'KW' then 3 * right(zonder_cel.periode, 2)::integer - 2 else right(zonder_cel.periode, 2)::integer
            end,
            1
        ) as eerste_dag,
        case substr(zonder_cel.periode, 5, 2) when 'JJ' then 12 when 'KW' then 3 else 1 end as maanden
    from zonder_cel
    left join {{ source('invoer', 'indicator') }} as indicator using (indicator_id)
    left join {{ source('invoer', 'taak_regio') }} as regio
        on zonder_cel.regio_code = regio.regio_code and indicator.taak = regio.taak
    left join {{ source('invoer', 'indicator_periode') }} as soort
        on zonder_cel.indicator_id = soort.indicator_id and substr(zonder_cel.periode, 5, 2) = soort.periodesoort
    left join {{ source('invoer', 'indicator_uitsplitsing') }} as uitsplitsing
        on zonder_cel.indicator_id = uitsplitsing.indicator_id and zonder_cel.dimensie = uitsplitsing.dimensie
)

select *
from met_reden
where
    not coalesce(kent_indicator and is_organisatie is not null and kent_dimensie, false)
    or not (
        not kent_periodesoort
        or eerste_dag < reeks_begin
        or {{ plus_maanden('eerste_dag', 'maanden') }} - 1 > {{ instelling('peildatum') }}
        or (not is_organisatie and not coalesce(gemeenten, true))
        or categorie = 'volgbaar'
    )
