-- Everything that may be published, before disclosure control: own figures, published series of others, and their index.
with samen as (
    select *, 'eigen registratie' as bron from {{ ref('pub_eigen_cijfers') }}
    union all by name
    select
        bron, indicator_id, definitie_id, regio_code, periode, dimensie, categorie, waarde, eenheid, status, 'reeks' as meettype
    from {{ ref('stg_reeks') }}
    union all by name
    select
        bron, indicator_id, definitie_id, regio_code, periode, 'totaal' as dimensie, 'totaal' as categorie, waarde, 'index' as eenheid, teller, noemer,
        status, 'index' as meettype, reeksbreuk
    from {{ ref('pub_index') }}
),

breuken as (
    select bron, indicator_id, regio_code, periode, string_agg(reeksbreuk, ' ' order by reeksbreuk) as reeksbreuken
    from {{ ref('pub_reeksbreuk') }}
    group by all
)

select
    samen.indicator_id,
    samen.definitie_id,
    samen.regio_code,
    coalesce(regio_naam.regio_naam, samen.regio_code) as regio_naam,
    {{ instelling('indeling_jaar') }}::integer as indeling_jaar,
    samen.periode,
    samen.dimensie,
    samen.categorie,
    samen.waarde,
    samen.ondergrens,
    samen.bovengrens,
    samen.eenheid,
    samen.teller::bigint as teller,
    samen.noemer::bigint as noemer,
    samen.n_niet_volgbaar::bigint as n_niet_volgbaar,
    samen.n_risico::bigint as n_risico,
    samen.status,
    samen.meetbaar_vanaf,
    samen.bron,
    -- An index says itself which breaks lie between it and its base.
    coalesce(samen.reeksbreuk, breuken.reeksbreuken) as reeksbreuk,
    samen.meettype,
    samen.thema,
    samen.n_personen::bigint as n_personen,
    samen.n_werkgevers::bigint as n_werkgevers,
    samen.grootste_aandeel
from samen
left join {{ source('invoer', 'regio_naam') }} as regio_naam using (regio_code)
left join breuken
    on samen.bron = breuken.bron and samen.indicator_id = breuken.indicator_id and samen.regio_code = breuken.regio_code
    and samen.periode = breuken.periode
