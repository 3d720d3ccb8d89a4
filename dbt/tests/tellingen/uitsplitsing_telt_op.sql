-- The categories of each break-down add up to the total; the reasons why people cannot be followed add up to n_niet_volgbaar. A dossier of two persons
-- may count in two categories, so of stand_uitkeringen the sum is only not less than the total; of break-downs that overlap it says nothing.
with totalen as (
    select
        telling.indicator_id,
        telling.regio_code,
        telling.periode,
        uitsplitsing.dimensie,
        indicator.categorieen_tellen_op,
        coalesce(telling.teller, 0) as teller,
        coalesce(telling.noemer, 0) as noemer,
        coalesce(telling.n_niet_volgbaar, 0) as n_niet_volgbaar
    from {{ ref('pub_telling') }} as telling
    inner join {{ source('invoer', 'indicator_uitsplitsing') }} as uitsplitsing using (indicator_id)
    inner join {{ source('invoer', 'indicator') }} as indicator using (indicator_id)
    inner join {{ source('invoer', 'taak_regio') }} as regio
        on telling.regio_code = regio.regio_code and indicator.taak = regio.taak
    where
        telling.dimensie = 'totaal'
        and telling.teller is not null
        and uitsplitsing.dimensie not in (select dimensie from {{ source('invoer', 'uitsplitsing') }} where overlappend)
        and telling.periode like '____JJ00'
        and (regio.is_organisatie or uitsplitsing.gemeenten)
),

delen as (
    select
        indicator_id,
        regio_code,
        periode,
        dimensie,
        sum(teller) as teller,
        sum(noemer) as noemer
    from {{ ref('pub_telling') }}
    where dimensie <> 'totaal' and categorie <> 'volgbaar'
    group by all
),

samen as (
    select
        totalen.*,
        coalesce(delen.teller, 0) as som_teller,
        coalesce(delen.noemer, 0) as som_noemer
    from totalen
    left join delen using (indicator_id, regio_code, periode, dimensie)
)

select *
from samen
where
    case
        when dimensie = 'reden_niet_volgbaar' then som_teller <> n_niet_volgbaar
        when categorieen_tellen_op = 'gelijk' then som_teller <> teller or som_noemer <> noemer
        when categorieen_tellen_op = 'minstens' then som_teller < teller
        else false
    end
