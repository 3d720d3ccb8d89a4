-- Curves of return per outflow year: Aalen-Johansen (cif) and 1 - Kaplan-Meier (km) in whole months, with a 95% log-log interval.
{%- set z = '1.959963984540054' %}
with personen as (
    select
        gemeente_code,
        date_trunc('year', e) as jaar,
        in_werk_reden,
        e,
        case when terugkeerdag <= grens then terugkeerdag end as terugkeer,
        -- A competing day before the outflow counts on the day of outflow.
        case when wegvaldag is not null and greatest(e, wegvaldag) <= grens then greatest(e, wegvaldag) end as weggevallen,
        grens
    from (
        select
            *,
            {{ plus_maanden(instelling('peildatum'), '-' ~ instelling('lag_maanden')) }} as grens,
            case
                when reden_groep in ('overlijden', 'verhuizing', 'pensioen') then e
                -- least() ignores nulls: the earliest of the days that are known.
                else least(
                    case when overlijdensdatum > b then overlijdensdatum end,
                    case when vertrekdatum > b then vertrekdatum end,
                    aow_dag
                )
            end as wegvaldag
        from {{ ref('int_uitstroom') }}
    )
    -- Who left after the day of censoring has not been followed at all.
    where e <= grens
),

gebeurtenissen as (
    select
        gemeente_code,
        jaar,
        in_werk_reden,
        case
            when terugkeer is not null and coalesce(terugkeer <= weggevallen, true) then 'terugkeer'
            when weggevallen is not null then 'weggevallen'
            else 'gecensureerd'
        end as afloop,
        {{ maand_sinds('e', 'coalesce(least(terugkeer, weggevallen), grens)') }} as maand
    from personen
),

tellingen as (
    select
        {{ jaar_code('jaar') }} as jaar,
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        maand,
        {
            'populatie': 'alle',
            'personen': count(*),
            'terugkeer': count(*) filter (afloop = 'terugkeer'),
            'weggevallen': count(*) filter (afloop = 'weggevallen')
        } as alle,
        {
            'populatie': 'werk_reden',
            'personen': count(*) filter (in_werk_reden),
            'terugkeer': count(*) filter (in_werk_reden and afloop = 'terugkeer'),
            'weggevallen': count(*) filter (in_werk_reden and afloop = 'weggevallen')
        } as werk_reden
    from gebeurtenissen
    group by grouping sets ((jaar, maand), (jaar, maand, gemeente_code))
),

per_populatie as (
    select
        jaar,
        regio_code,
        maand,
        unnest([alle, werk_reden], recursive := true)
    from tellingen
),

curven as (
    select
        jaar,
        regio_code,
        populatie,
        sum(personen)::bigint as personen
    from per_populatie
    group by all
),

maanden as (
    select
        curven.jaar,
        curven.regio_code,
        curven.populatie,
        maand.maand,
        coalesce(per_populatie.terugkeer, 0) as d,
        coalesce(per_populatie.weggevallen, 0) as w,
        curven.personen - coalesce(
            sum(per_populatie.personen) over (
                partition by curven.jaar, curven.regio_code, curven.populatie
                order by maand.maand
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as n
    from curven
    cross join (select unnest(range(0, 37)) as maand) as maand
    left join per_populatie using (jaar, regio_code, populatie, maand)
),

overleving as (
    select
        *,
        product(1 - d / n) over tot_en_met as km_blijft,
        sum(case when n > d then d / (n * (n - d)) end) over tot_en_met as greenwood,
        product(1 - (d + w) / n) over tot_en_met as blijft
    from (select * replace (n::double as n) from maanden where n > 0)
    window tot_en_met as (partition by jaar, regio_code, populatie order by maand rows unbounded preceding)
),

met_vorige as (
    select
        *,
        coalesce(lag(blijft) over (partition by jaar, regio_code, populatie order by maand), 1.0) as blijft_vorige
    from overleving
),

incidentie as (
    select
        *,
        sum(blijft_vorige * d / n) over (partition by jaar, regio_code, populatie order by maand rows unbounded preceding) as cif
    from met_vorige
),

variantie as (
    select
        nu.jaar,
        nu.regio_code,
        nu.populatie,
        nu.maand,
        sum(
            case when eerder.n > eerder.d + eerder.w
                then pow(nu.cif - eerder.cif, 2) * (eerder.d + eerder.w) / (eerder.n * (eerder.n - eerder.d - eerder.w))
                else 0
            end
            + pow(eerder.blijft_vorige, 2) * eerder.d * (eerder.n - eerder.d) / pow(eerder.n, 3)
            - 2 * (nu.cif - eerder.cif) * eerder.blijft_vorige * eerder.d / pow(eerder.n, 2)
        ) as variantie
    from incidentie as nu
    inner join incidentie as eerder
        on nu.jaar = eerder.jaar and nu.regio_code = eerder.regio_code and nu.populatie = eerder.populatie and eerder.maand <= nu.maand
    group by all
),

intervallen as (
    select
        incidentie.jaar,
        incidentie.regio_code,
        incidentie.populatie,
        incidentie.maand,
        incidentie.n::bigint as n_risico,
        incidentie.cif,
        1 - incidentie.km_blijft as km,
        incidentie.km_blijft,
        case when incidentie.cif > 0 and incidentie.cif < 1
            then {{ z }} * sqrt(greatest(variantie.variantie, 0)) / (incidentie.cif * abs(ln(incidentie.cif)))
        end as cif_marge,
        case when incidentie.km_blijft > 0 and incidentie.km_blijft < 1
            then {{ z }} * sqrt(incidentie.greenwood) / abs(ln(incidentie.km_blijft))
        end as km_marge
    from incidentie
    inner join variantie using (jaar, regio_code, populatie, maand)
)

select
    maat.maat || '__' || populatie as indicator_id,
    regio_code,
    jaar as periode,
    'maanden_sinds_uitstroom' as dimensie,
    lpad(maand::varchar, 2, '0') as categorie,
    n_risico,
    -- Ten decimals: the last bits of a running product depend on how it was grouped and must not make two runs differ.
    round(100 * case maat.maat when 'terugkeer_cif' then cif else km end, 10) as waarde,
    round(100 * case maat.maat when 'terugkeer_cif' then pow(cif, exp(cif_marge)) else 1 - pow(km_blijft, exp(-km_marge)) end, 10) as ondergrens,
    round(100 * case maat.maat when 'terugkeer_cif' then pow(cif, exp(-cif_marge)) else 1 - pow(km_blijft, exp(km_marge)) end, 10) as bovengrens
from intervallen
cross join (select unnest(['terugkeer_cif', 'terugkeer_km']) as maat) as maat
