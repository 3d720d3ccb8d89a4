-- Persons and dossiers with a benefit at each month end, per gemeente and for the organisation: +1 where a stay begins, -1 where it ends, then a
-- running sum. A dossier of one spell counts as its person does; one of several spells counts once, so its stays are first merged per region.
with maandverblijf as (
    select
        gemeente_code,
        gedeeld_dossier,
        year(van) * 12 + month(van) - 1 as eerste_maand,
        -- The last month whose end lies in the stay: that of the day after it, less one.
        year(tot + 1) * 12 + month(tot + 1) - 2 as laatste_maand
    from (
        select
            * replace (least(stand_tot, {{ instelling('peildatum') }}) as tot)
        from {{ ref('int_uitkeringsverloop') }}
    )
),

verblijf as (
    select * from maandverblijf where eerste_maand <= laatste_maand
),

gedeeld_per_regio as (
    select gemeente_code as regio_code, gedeeld_dossier, eerste_maand, laatste_maand from verblijf where gedeeld_dossier is not null
    union all
    select {{ instelling('organisatie_code') }} as regio_code, gedeeld_dossier, eerste_maand, laatste_maand from verblijf where gedeeld_dossier is not null
),

dossierverblijf as (
    select
        regio_code,
        gedeeld_dossier,
        min(eerste_maand) as eerste_maand,
        max(laatste_maand) as laatste_maand
    from (
        select
            *,
            sum(nieuw) over (
                partition by regio_code, gedeeld_dossier order by eerste_maand, laatste_maand range unbounded preceding
            ) as volgnr
        from (
            select
                *,
                case
                    when
                        eerste_maand - 1 <= max(laatste_maand) over (
                            partition by regio_code, gedeeld_dossier
                            order by eerste_maand, laatste_maand
                            rows between unbounded preceding and 1 preceding
                        )
                        then 0
                    else 1
                end as nieuw
            from gedeeld_per_regio
        )
    )
    group by regio_code, gedeeld_dossier, volgnr
),

wijzigingen as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        maandnr,
        sum(personen) as personen,
        sum(uitkeringen) as uitkeringen
    from (
        select gemeente_code, eerste_maand as maandnr, 1 as personen, case when gedeeld_dossier is null then 1 else 0 end as uitkeringen from verblijf
        union all
        select gemeente_code, laatste_maand + 1, -1, case when gedeeld_dossier is null then -1 else 0 end from verblijf
    )
    group by grouping sets ((maandnr), (maandnr, gemeente_code))
    union all
    select regio_code, eerste_maand, 0, 1 from dossierverblijf
    union all
    select regio_code, laatste_maand + 1, 0, -1 from dossierverblijf
),

maanden as (
    select
        regio.regio_code,
        unnest(range(grens.eerste_maand, grens.laatste_maand + 1)) as maandnr
    from {{ source('invoer', 'regio') }} as regio
    cross join (
        select
            -- From the December before the first benefit on, also of a stay too short for any month end: the percentages of the first year need it.
            year(min(van)) * 12 - 1 as eerste_maand,
            -- The last month end on or before the peildatum: a month that is not over has no stand.
            year({{ instelling('peildatum') }} + 1) * 12 + month({{ instelling('peildatum') }} + 1) - 2 as laatste_maand
        from {{ ref('int_uitkeringsverloop') }}
    ) as grens
),

per_maand as (
    select
        maanden.regio_code,
        maanden.maandnr,
        coalesce(sum(wijzigingen.personen), 0) as personen,
        coalesce(sum(wijzigingen.uitkeringen), 0) as uitkeringen
    from maanden
    left join wijzigingen using (regio_code, maandnr)
    group by maanden.regio_code, maanden.maandnr
)

select
    regio_code,
    last_day(make_date((maandnr // 12)::integer, (maandnr % 12 + 1)::integer, 1)) as dag,
    sum(personen) over lopend as personen,
    sum(uitkeringen) over lopend as uitkeringen
from per_maand
window lopend as (partition by regio_code order by maandnr rows unbounded preceding)
