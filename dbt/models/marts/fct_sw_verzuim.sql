-- Absence in the sw: the share of the days, and notices per employee.
with sommen as (
    select
        gemeente_code,
        {{ jaar_code('kwartaal_begin') }} as jaar,
        {{ kwartaal_code('kwartaal_begin') }} as kwartaal,
        verzuimdagen,
        beschikbare_dagen,
        meldingen,
        maanden_met_meldingen
    from (
        select
            gemeente_code,
            kwartaal_begin,
            sum(verzuimdagen) as verzuimdagen,
            sum(beschikbare_dagen) as beschikbare_dagen,
            sum(meldingen) as meldingen,
            sum(maanden_met_meldingen) as maanden_met_meldingen
        from {{ ref('int_verzuim') }}
        group by gemeente_code, kwartaal_begin
    )
),

tellingen as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        coalesce(kwartaal, jaar) as periode,
        sum(verzuimdagen) as verzuimdagen,
        sum(beschikbare_dagen) as beschikbare_dagen,
        sum(meldingen) as meldingen,
        sum(maanden_met_meldingen) as maanden_met_meldingen
    from sommen
    group by grouping sets ((jaar), (jaar, gemeente_code), (kwartaal), (kwartaal, gemeente_code))
),

-- How many people that are: one row a person and period first, because distinct counts over all cells at once cost far more.
per_jaar as (
    select
        persoon_nr,
        gemeente_code,
        date_trunc('year', kwartaal_begin)::date as jaar_begin,
        bool_or(maanden_met_meldingen > 0) as met_meldingen
    from {{ ref('int_verzuim') }}
    group by persoon_nr, gemeente_code, jaar_begin
),

personen as (
    select gemeente_code as regio_code, {{ kwartaal_code('kwartaal_begin') }} as periode, count(*) as personen, 0 as met_meldingen
    from {{ ref('int_verzuim') }}
    group by gemeente_code, kwartaal_begin
    union all
    select gemeente_code as regio_code, {{ jaar_code('jaar_begin') }} as periode, count(*) as personen, count(*) filter (met_meldingen) as met_meldingen
    from per_jaar
    group by gemeente_code, jaar_begin
    union all
    select {{ instelling('organisatie_code') }} as regio_code, {{ kwartaal_code('kwartaal_begin') }} as periode, count(*) as personen, 0 as met_meldingen
    from (select distinct persoon_nr, kwartaal_begin from {{ ref('int_verzuim') }})
    group by kwartaal_begin
    union all
    select {{ instelling('organisatie_code') }} as regio_code, {{ jaar_code('jaar_begin') }} as periode, count(*) as personen, count(*) filter (met_meldingen) as met_meldingen
    from (select persoon_nr, jaar_begin, bool_or(met_meldingen) as met_meldingen from per_jaar group by persoon_nr, jaar_begin)
    group by jaar_begin
)

select
    'sw_verzuim' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    {{ deling('tellingen.verzuimdagen * 100', 'tellingen.beschikbare_dagen') }} as waarde,
    personen.personen as n_personen
from tellingen
inner join personen using (regio_code, periode)
where tellingen.beschikbare_dagen > 0
union all
select
    'sw_meldingsfrequentie' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    tellingen.meldingen::double * 12 / tellingen.maanden_met_meldingen as waarde,
    personen.met_meldingen as n_personen
from tellingen
inner join personen using (regio_code, periode)
where tellingen.maanden_met_meldingen > 0 and periode like '____JJ00'
