-- Who is in which phase at each period's end, how many of these have an activity, and how long a stay in a phase lasts.
with begeleid as (
    select persoon_nr, traject_nr, gemeente_code, van, stand_tot
    from {{ ref('int_kandidaat') }}
    where van <= stand_tot
),

met_fase as (
    select
        begeleid.persoon_nr,
        begeleid.gemeente_code,
        fase.fase,
        greatest(begeleid.van, fase.van) as van,
        least(begeleid.stand_tot, fase.tot) as stand_tot
    from begeleid
    inner join {{ ref('int_fase') }} as fase
        on begeleid.persoon_nr = fase.persoon_nr
        and begeleid.traject_nr = fase.traject_nr
        and begeleid.van <= fase.tot
        and begeleid.stand_tot >= fase.van
),

-- Without a known phase is who is in service less who is in a phase: these days count off.
delen as (
    select persoon_nr, gemeente_code, 'onbekend' as fase, van, stand_tot, 1 as aantal from begeleid
    union all
    select persoon_nr, gemeente_code, 'onbekend' as fase, van, stand_tot, -1 as aantal from met_fase
    union all
    select persoon_nr, gemeente_code, fase, van, stand_tot, 1 as aantal from met_fase
),

voorzieningen as (
    {{ voeg_perioden_samen(ref('stg_voorziening'), 0) }}
),

verblijf as (
    select gemeente_code, fase, van, stand_tot, aantal as personen, 0 as actief
    from delen
    union all
    select
        delen.gemeente_code,
        delen.fase,
        greatest(delen.van, voorzieningen.begindatum) as van,
        least(delen.stand_tot, voorzieningen.laatste_dag) as stand_tot,
        0 as personen,
        delen.aantal as actief
    from delen
    inner join voorzieningen
        on delen.persoon_nr = voorzieningen.persoon_nr
        and delen.van <= voorzieningen.laatste_dag
        and delen.stand_tot >= voorzieningen.begindatum
),

kwartaaleinden as (
    {{ kwartaalstanden('verblijf', ['gemeente_code', 'fase'], ['personen', 'actief']) }}
),

standen as (
    select
        {{ rooster_cel(['jaar', 'kwartaal'], ['fase']) }},
        sum(personen)::bigint as personen,
        sum(actief)::bigint as actief
    from kwartaaleinden
    group by {{ rooster_sets(['jaar', 'kwartaal'], ['fase']) }}
    having periode is not null
),

-- A stay: days after each other in one phase of one traject.
genummerd as (
    select
        *,
        count(*) filter (nieuw) over (partition by persoon_nr, traject_nr order by van range unbounded preceding) as volgnr
    from (
        select
            *,
            coalesce(lag(fase) over op_volgorde <> fase or lag(tot) over op_volgorde < van - 1, true) as nieuw
        from {{ ref('int_fase') }}
        window op_volgorde as (partition by persoon_nr, traject_nr order by van)
    )
),

verblijven as (
    select
        persoon_nr,
        any_value(gemeente_code) as gemeente_code,
        any_value(fase) as fase,
        year(min(van)) as jaar,
        least(max(tot), {{ instelling('peildatum') }}) - min(van) + 1 as duur,
        max(tot) < {{ open_einde() }} as gebeurtenis
    from genummerd
    group by persoon_nr, traject_nr, volgnr
)

select
    'kandidaten_per_fase' as indicator_id,
    regio_code,
    periode,
    dimensie,
    categorie,
    personen as teller,
    cast(null as bigint) as noemer,
    cast(null as double) as waarde,
    cast(null as bigint) as n_personen
from standen
union all by name
select 'kandidaten_met_activiteit' as indicator_id, regio_code, periode, dimensie, categorie, actief as teller, personen as noemer
from standen
union all by name
select
    'verblijf_in_fase_mediaan' as indicator_id,
    regio_code,
    periode || 'JJ00' as periode,
    'fase_verblijf' as dimensie,
    fase as categorie,
    waarde,
    noemer,
    n_personen
from ({{ mediaan_per_regio('verblijven', ['fase']) }})
