-- The measures of one horizon and population belong together: one denominator, herinstroom and duurzaam_uit_uitkering make it up, onafgebroken is part of
-- moment, and those who can be followed with those who cannot are all outflow of the population.
with maten as (
    select
        indicator.horizon,
        indicator.populatie,
        telling.regio_code,
        telling.periode,
        telling.dimensie,
        telling.categorie,
        min(telling.noemer) as noemer,
        max(telling.noemer) as grootste_noemer,
        max(telling.n_niet_volgbaar) as n_niet_volgbaar,
        {%- for maat in ['duurzaam_uit_uitkering', 'herinstroom', 'duurzaam_werk_moment', 'duurzaam_werk_onafgebroken', 'bestemming'] %}
        max(telling.teller) filter (indicator.maat = '{{ maat }}') as {{ maat }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('fct_duurzaamheid') }} as telling
    inner join {{ source('invoer', 'indicator') }} as indicator using (indicator_id)
    where telling.dimensie not in ('reden_niet_volgbaar', 'bestemming')
    group by all
),

uitstroom as (
    select
        case indicator_id when 'uitstroom' then 'alle' when 'uitstroom_werk_reden' then 'werk_reden' when 'uitstroom_werk_polis' then 'werk_polis' end as populatie,
        regio_code,
        periode,
        dimensie,
        categorie,
        teller as uitstroom
    from {{ ref('fct_uitstroom') }}
    where indicator_id in ('uitstroom', 'uitstroom_werk_reden', 'uitstroom_werk_polis')
    union all
    select
        'werk_onderneming_onderwijs' as populatie,
        regio_code,
        periode,
        'totaal' as dimensie,
        'totaal' as categorie,
        sum(teller) as uitstroom
    from {{ ref('fct_uitstroom') }}
    where indicator_id = 'uitstroom' and dimensie = 'reden_groep' and categorie in ('werk', 'onderwijs')
    group by all
)

select maten.*, uitstroom.uitstroom
from maten
left join uitstroom using (populatie, regio_code, periode, dimensie, categorie)
where
    maten.noemer <> maten.grootste_noemer
    or maten.herinstroom + maten.duurzaam_uit_uitkering <> maten.noemer
    or maten.duurzaam_werk_onafgebroken > maten.duurzaam_werk_moment
    or (maten.dimensie = 'totaal' and maten.bestemming <> maten.noemer + maten.n_niet_volgbaar)
    or uitstroom.uitstroom <> maten.noemer + maten.n_niet_volgbaar
