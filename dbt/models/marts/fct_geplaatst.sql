-- How often guidance and proefplaatsingen are followed by a placement or a job.
with plaatsingen as (
    select persoon_nr, begindatum
    from {{ ref('stg_plaatsing') }}
    where op_werk
),

geplaatst_in_jaar as (
    select distinct persoon_nr, year(begindatum) as jaartal from plaatsingen
),

kandidaten as (
    select
        kandidaat.*,
        geplaatst.persoon_nr is not null as is_geplaatst
    from {{ ref('int_kandidaat_jaar') }} as kandidaat
    left join geplaatst_in_jaar as geplaatst on kandidaat.persoon_nr = geplaatst.persoon_nr and kandidaat.jaartal = geplaatst.jaartal
),

aanmeldingen as (
    select
        persoon_nr,
        traject_nr,
        gemeente_code,
        aanmelddatum,
        {{ plus_maanden('aanmelddatum', 12) }} as t
    from {{ ref('stg_traject') }}
),

gevolgd_door_plaatsing as (
    select distinct aanmeldingen.persoon_nr, aanmeldingen.traject_nr
    from aanmeldingen
    inner join plaatsingen
        on aanmeldingen.persoon_nr = plaatsingen.persoon_nr
        and plaatsingen.begindatum >= aanmeldingen.aanmelddatum
        and plaatsingen.begindatum <= aanmeldingen.t
),

proefplaatsingen as (
    select persoon_nr, laatste_dag, {{ plus_maanden('laatste_dag', 1) }} as maand_later
    from {{ ref('stg_plaatsing') }}
    where soort = 'proefplaatsing' and laatste_dag < {{ open_einde() }}
),

gevallen as (
    select
        'aanmeldingen_geplaatst_12' as indicator_id,
        aanmelding.gemeente_code,
        {{ jaar_code('aanmelding.aanmelddatum') }} as jaar,
        plaatsing.persoon_nr is not null as gelukt,
        not coalesce(persoon.overlijdensdatum <= aanmelding.t, false) and not coalesce(persoon.vertrekdatum <= aanmelding.t, false) as volgbaar
    from aanmeldingen as aanmelding
    left join gevolgd_door_plaatsing as plaatsing
        on aanmelding.persoon_nr = plaatsing.persoon_nr and aanmelding.traject_nr = plaatsing.traject_nr
    left join {{ ref('stg_persoon') }} as persoon on aanmelding.persoon_nr = persoon.persoon_nr
    union all
    select
        'proefplaatsingen_werk' as indicator_id,
        {{ gemeente_op_dag() }} as gemeente_code,
        {{ jaar_code('proef.laatste_dag') }} as jaar,
        loondienst.persoon_nr is not null as gelukt,
        true as volgbaar
    from proefplaatsingen as proef
    {{ met_gemeente_op_dag('proef', 'proef.laatste_dag') }}
    -- Merged periods of a person never touch (tested), so at most one holds a day.
    left join {{ ref('int_loondienst') }} as loondienst
        on proef.persoon_nr = loondienst.persoon_nr
        and proef.maand_later >= loondienst.begindatum
        and proef.maand_later <= loondienst.laatste_dag
)

select
    indicator_id,
    coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    jaar as periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    count(*) filter (volgbaar and gelukt) as teller,
    count(*) filter (volgbaar) as noemer,
    count(*) filter (not volgbaar) as n_niet_volgbaar
from gevallen
group by grouping sets ((indicator_id, jaar), (indicator_id, jaar, gemeente_code))
union all by name
select
    'kandidaten_geplaatst' as indicator_id,
    coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    jaartal || 'JJ00' as periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    count(distinct persoon_nr) filter (is_geplaatst) as teller,
    count(distinct persoon_nr) as noemer
from kandidaten
group by grouping sets ((jaartal), (jaartal, gemeente_code))
