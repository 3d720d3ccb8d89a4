{# Number the merged spells of a person: a new one starts where the gap to the running maximum of the end dates is more than `onderbreking` days.
   The count runs over a range, not over rows: rows with the same begin and end are peers and must get one number, whichever the sort put first.
   `bron` must have persoon_nr, begindatum, laatste_dag (open = open_einde()). All its columns are kept, with `volgnr` added. #}
{% macro nummer_perioden(bron, onderbreking) -%}
select
    * exclude (nieuw),
    -- Small on purpose: a sum would be 16 bytes wide, and this is a key.
    (count(*) filter (nieuw) over (partition by persoon_nr order by begindatum, laatste_dag range unbounded preceding))::integer as volgnr
from (
    select
        *,
        coalesce(
            begindatum - max(laatste_dag) over (
                partition by persoon_nr order by begindatum, laatste_dag rows between unbounded preceding and 1 preceding
            ) - 1 > {{ onderbreking }},
            true
        ) as nieuw
    from {{ bron }}
)
{%- endmacro %}

{# The merged spells themselves: persoon_nr, begindatum, laatste_dag. #}
{% macro voeg_perioden_samen(bron, onderbreking) -%}
select
    persoon_nr,
    min(begindatum) as begindatum,
    max(laatste_dag) as laatste_dag
from ({{ nummer_perioden(bron, onderbreking) }})
group by persoon_nr, volgnr
{%- endmacro %}

{# Merged periods with the last day of the one before, so that the first period that ends on or after a day is found by a join instead of sorting. #}
{% macro perioden_met_vorige(bron) -%}
select
    *,
    coalesce(lag(laatste_dag) over (partition by persoon_nr order by begindatum), DATE '0001-01-01') as vorige_laatste_dag
from {{ bron }}
{%- endmacro %}
