{# Stands: a person's rows of one kind merged with gap 0, and which row speaks on which day. Medians: mediaan.sql; benefits: int_uitkeringsverloop. #}

{# Which row speaks for a person on each day that has one: of the rows that cover it the one with the highest rij_nr. Rows that overlap no other row of the person,
   the most by far, need no comparison. `bron`: soort, persoon_nr, rij_nr, begindatum, laatste_dag (open = open_einde()).
   `stand_tot`: on the last day of merged rows the person has left, so that day is no stand. #}
{% macro stand_verloop(bron) -%}
with rijen as (
    select
        soort,
        persoon_nr,
        rij_nr,
        begindatum,
        laatste_dag,
        lead(begindatum) over (partition by soort, persoon_nr order by begindatum, laatste_dag) as volgend_begin
    from {{ bron }}
),

-- Where any two rows of a person overlap, some row overlaps the next one by begin.
overlappend as (
    select rijen.soort, rijen.persoon_nr, rijen.rij_nr, rijen.begindatum, rijen.laatste_dag
    from rijen
    semi join (select soort, persoon_nr from rijen where volgend_begin <= laatste_dag) as dubbel
        on rijen.soort = dubbel.soort and rijen.persoon_nr = dubbel.persoon_nr
),

wisseldagen as (
    select soort, persoon_nr, begindatum as dag from overlappend
    union
    select soort, persoon_nr, laatste_dag + 1 as dag from overlappend where laatste_dag < {{ open_einde() }}
),

stukken as (
    select
        soort,
        persoon_nr,
        dag as van,
        coalesce(lead(dag) over (partition by soort, persoon_nr order by dag) - 1, {{ open_einde() }}) as tot
    from wisseldagen
),

-- Days between two merged spells have no row and drop out here.
sprekend as (
    select
        stukken.soort,
        stukken.persoon_nr,
        stukken.van,
        stukken.tot,
        max(rij.rij_nr) as rij_nr
    from stukken
    inner join overlappend as rij
        on stukken.soort = rij.soort
        and stukken.persoon_nr = rij.persoon_nr
        and stukken.van >= rij.begindatum
        and stukken.van <= rij.laatste_dag
    group by stukken.soort, stukken.persoon_nr, stukken.van, stukken.tot
),

verloop as (
    select soort, persoon_nr, rij_nr, begindatum as van, laatste_dag as tot, volgend_begin
    from rijen
    anti join overlappend on rijen.soort = overlappend.soort and rijen.persoon_nr = overlappend.persoon_nr
    union all
    select
        soort,
        persoon_nr,
        rij_nr,
        van,
        tot,
        lead(van) over (partition by soort, persoon_nr order by van) as volgend_begin
    from sprekend
)

select
    soort,
    persoon_nr,
    rij_nr,
    van,
    tot,
    case when tot = {{ open_einde() }} or coalesce(volgend_begin = tot + 1, false) then tot else tot - 1 end as stand_tot
from verloop
{%- endmacro %}

{# Rows of persons cut at each change of gemeente: that of the benefit of the day, else where persoon says that the person lives (as gemeente_op_dag).
   `bron`: rij_nr, persoon_nr, begindatum, laatste_dag. Gives rij_nr, persoon_nr, van, tot, gemeente_code: together exactly the days of the row. #}
{% macro knip_op_gemeente(bron) -%}
with rakend as (
    select
        bron.rij_nr,
        bron.persoon_nr,
        bron.begindatum,
        bron.laatste_dag,
        greatest(verloop.van, bron.begindatum) as van,
        least(verloop.tot, bron.laatste_dag) as tot,
        verloop.gemeente_code
    from {{ bron }} as bron
    inner join {{ ref('int_uitkeringsverloop') }} as verloop
        on bron.persoon_nr = verloop.persoon_nr and verloop.van <= bron.laatste_dag and verloop.tot >= bron.begindatum
),

-- What lies before the first benefit in the row, between two of them, and after the last.
ernaast as (
    select
        rij_nr,
        persoon_nr,
        coalesce(lag(tot) over (partition by rij_nr order by van) + 1, begindatum) as van,
        van - 1 as tot
    from rakend
    union all
    select
        rij_nr,
        persoon_nr,
        max(tot) + 1 as van,
        any_value(laatste_dag) as tot
    from rakend
    group by rij_nr, persoon_nr
    union all
    select bron.rij_nr, bron.persoon_nr, bron.begindatum as van, bron.laatste_dag as tot
    from {{ bron }} as bron
    anti join rakend on bron.rij_nr = rakend.rij_nr
)

select rij_nr, persoon_nr, van, tot, gemeente_code
from rakend
union all
select
    ernaast.rij_nr,
    ernaast.persoon_nr,
    ernaast.van,
    ernaast.tot,
    coalesce(woont.gemeente_code, 'onbekend') as gemeente_code
from ernaast
left join {{ ref('stg_persoon') }} as woont on ernaast.persoon_nr = woont.persoon_nr
where ernaast.van <= ernaast.tot
{%- endmacro %}

{# Quarters as numbers that can be counted with. #}
{% macro kwartaalnummer(dag) -%}
(year({{ dag }}) * 4 + quarter({{ dag }}) - 1)
{%- endmacro %}

{# Sums over who is there at each quarter end of the grid: + where a stay begins, - where it ends, then a running sum. `bron`: van, stand_tot, the columns of
   `groepen` (none of them null) and of `sommen` (integers or decimals, so that the sums are exact). Adds kwartaal, jaar (null unless the quarter ends the
   year) and dag, the day P. #}
{% macro kwartaalstanden(bron, groepen, sommen) -%}
with verblijven as (
    select
        {{ groepen | join(', ') }},
        {{ kwartaalnummer('van') }} as eerste,
        -- The quarter that holds the day after the last one: the first without the person.
        {{ kwartaalnummer('(least(stand_tot, ' ~ instelling('peildatum') ~ ') + 1)') }} as voorbij,
        {% for som in sommen %}sum({{ som }}) as {{ som }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ bron }}
    group by all
),

mutaties as (
    select {{ groepen | join(', ') }}, eerste as nummer, {{ sommen | join(', ') }}
    from verblijven
    where eerste < voorbij
    union all
    select {{ groepen | join(', ') }}, voorbij as nummer, {% for som in sommen %}-{{ som }} as {{ som }}{{ ', ' if not loop.last }}{% endfor %}
    from verblijven
    where eerste < voorbij
),

kwartalen as (
    select
        {{ kwartaalnummer('eerste_dag') }} as nummer,
        periode as kwartaal,
        case when quarter(eerste_dag) = 4 then {{ jaar_code('eerste_dag') }} end as jaar,
        laatste_dag as dag
    from {{ ref('dim_periode') }}
    where periodesoort = 'KW'
),

per_kwartaal as (
    select
        {{ groepen | join(', ') }},
        greatest(nummer, (select min(nummer) from kwartalen)) as nummer,
        {% for som in sommen %}sum({{ som }}) as {{ som }}{{ ', ' if not loop.last }}{% endfor %}
    from mutaties
    group by all
),

groepen as (
    select distinct {{ groepen | join(', ') }} from per_kwartaal
)

select
    {{ groepen | join(', ') }},
    kwartalen.kwartaal,
    kwartalen.jaar,
    kwartalen.dag,
    {%- for som in sommen %}
    coalesce(sum(per_kwartaal.{{ som }}) over verloop, 0) as {{ som }}{{ ',' if not loop.last }}
    {%- endfor %}
from groepen
cross join kwartalen
left join per_kwartaal using ({{ groepen | join(', ') }}, nummer)
window verloop as (partition by {{ groepen | join(', ') }} order by kwartalen.nummer rows unbounded preceding)
{%- endmacro %}

{# How many different persons have a day in each quarter and year of the grid, per gemeente and for the organisation. Of each stretch what an earlier one of the
   same person reaches is not counted again, so that nobody counts twice and nothing is written out per period. `bron`: persoon_nr, gemeente_code, van, tot. #}
{% macro personen_per_periode(bron) -%}
with stukken as (
    select
        persoon_nr,
        gemeente_code,
        van,
        tot,
        max(tot) over (partition by persoon_nr order by van, tot rows between unbounded preceding and 1 preceding) as eerder_tot
    from {{ bron }}
),

verhuisd as (
    select persoon_nr from stukken group by persoon_nr having min(gemeente_code) <> max(gemeente_code)
),

-- Who lives in one gemeente is counted there as in the organisation.
per_regio as (
    select {{ instelling('organisatie_code') }} as regio_code, van, tot, eerder_tot from stukken
    union all
    select stukken.gemeente_code as regio_code, stukken.van, stukken.tot, stukken.eerder_tot
    from stukken
    anti join verhuisd on stukken.persoon_nr = verhuisd.persoon_nr
    union all
    select
        stukken.gemeente_code as regio_code,
        stukken.van,
        stukken.tot,
        max(stukken.tot) over (
            partition by stukken.persoon_nr, stukken.gemeente_code
            order by stukken.van, stukken.tot
            rows between unbounded preceding and 1 preceding
        ) as eerder_tot
    from stukken
    semi join verhuisd on stukken.persoon_nr = verhuisd.persoon_nr
),

perioden as (
    select
        periodesoort as soort,
        periode,
        case periodesoort when 'JJ' then year(eerste_dag) else {{ kwartaalnummer('eerste_dag') }} end as nummer
    from {{ ref('dim_periode') }}
    where periodesoort in ('JJ', 'KW')
),

tijdvakken as (
    -- greatest() ignores nulls: without an earlier stretch everything is new.
    select
        'KW' as soort,
        regio_code,
        greatest({{ kwartaalnummer('van') }}, {{ kwartaalnummer('eerder_tot') }} + 1) as eerste,
        {{ kwartaalnummer('tot') }} as laatste,
        count(*) as personen
    from per_regio
    group by all
    union all
    select
        'JJ' as soort,
        regio_code,
        greatest(year(van), year(eerder_tot) + 1) as eerste,
        year(tot) as laatste,
        count(*) as personen
    from per_regio
    group by all
),

mutaties as (
    select
        wijzigingen.soort,
        wijzigingen.regio_code,
        greatest(wijzigingen.nummer, begin.nummer) as nummer,
        sum(wijzigingen.erbij) as erbij
    from (
        select soort, regio_code, eerste as nummer, personen as erbij from tijdvakken where eerste <= laatste
        union all
        select soort, regio_code, laatste + 1 as nummer, -personen as erbij from tijdvakken where eerste <= laatste
    ) as wijzigingen
    inner join (select soort, min(nummer) as nummer from perioden group by soort) as begin using (soort)
    group by all
),

regios as (
    select distinct soort, regio_code from mutaties
)

select
    regios.regio_code,
    perioden.periode,
    coalesce(sum(mutaties.erbij) over (
        partition by regios.soort, regios.regio_code order by perioden.nummer rows unbounded preceding
    ), 0)::bigint as personen
from regios
inner join perioden using (soort)
left join mutaties using (soort, regio_code, nummer)
{%- endmacro %}

{# Sums over who is there at each year and quarter end, for the organisation and per gemeente. `bron`: gemeente_code, van, stand_tot and the columns of `sommen`.
   Gives regio_code, periode, dag (the day P) and the sums. #}
{% macro stand_per_regio(bron, sommen) -%}
select
    coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    coalesce(kwartaal, jaar) as periode,
    max(dag) as dag,
    {%- for som in sommen %}
    sum({{ som }}){{ '::bigint' if som == 'personen' }} as {{ som }}{{ ',' if not loop.last }}
    {%- endfor %}
from ({{ kwartaalstanden(bron, ['gemeente_code'], sommen) }})
group by grouping sets ((jaar), (jaar, gemeente_code), (kwartaal), (kwartaal, gemeente_code))
having periode is not null
{%- endmacro %}

{# Persons and dossiers with a benefit at each quarter and year end: regio_code, periode, personen, uitkeringen. #}
{% macro uitkeringen_per_periode() -%}
select regio_code, {{ kwartaal_code('dag') }} as periode, personen, uitkeringen
from {{ ref('int_stand_maandeinde') }}
where month(dag) % 3 = 0
union all
select regio_code, {{ jaar_code('dag') }} as periode, personen, uitkeringen
from {{ ref('int_stand_maandeinde') }}
where month(dag) = 12
{%- endmacro %}
