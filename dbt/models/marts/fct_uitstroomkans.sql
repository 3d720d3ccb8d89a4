-- Of who had a benefit for two years or longer at the end of a year, who went to work in the next one.
with lang as (
    select gemeente_code, year(dag) + 1 as jaartal, count(*) as noemer
    from {{ ref('int_stand_jaareinde') }}
    where uitkeringsduur in ('2-5', '5+')
    group by all
),

-- The stretch of the spell that holds 31 December before its end.
naar_werk as (
    select gemeente_code, year(periode_einde) as jaartal, count(*) as teller
    from {{ ref('int_uitkeringsverloop') }}
    where
        reden_groep = 'werk'
        and van <= make_date(year(periode_einde)::integer - 1, 12, 31)
        and stand_tot >= make_date(year(periode_einde)::integer - 1, 12, 31)
        and {{ plus_maanden('periode_begin', 24) }} <= make_date(year(periode_einde)::integer, 1, 1)
    group by all
)

select
    'uitstroomkans_werk_lang' as indicator_id,
    coalesce(lang.gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    lang.jaartal || 'JJ00' as periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    coalesce(sum(naar_werk.teller), 0)::bigint as teller,
    sum(lang.noemer)::bigint as noemer
from lang
left join naar_werk on lang.gemeente_code = naar_werk.gemeente_code and lang.jaartal = naar_werk.jaartal
group by grouping sets ((lang.jaartal), (lang.jaartal, lang.gemeente_code))
