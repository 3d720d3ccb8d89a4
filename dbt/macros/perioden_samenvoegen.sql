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

{# The merged spells themselves: persoon_nr, begindatum, laatste_dag. A spell begins where nummer_perioden begins one, and ends where everything before the next one
   has ended. `met_vorige`: also the last day of the one before (DATE '0001-01-01' for the first), so that a join finds the first spell that ends on or after a day. #}
{% macro voeg_perioden_samen(bron, onderbreking, met_vorige=false) -%}
select
    persoon_nr,
    begindatum,
    coalesce(lead(vorige_laatste_dag) over (partition by persoon_nr order by begindatum), allerlaatste_dag) as laatste_dag
    {%- if met_vorige %},
    coalesce(vorige_laatste_dag, DATE '0001-01-01') as vorige_laatste_dag
    {%- endif %}
from (
    select
        persoon_nr,
        begindatum,
        max(laatste_dag) over (op_volgorde rows between unbounded preceding and 1 preceding) as vorige_laatste_dag,
        max(laatste_dag) over (op_volgorde rows between unbounded preceding and unbounded following) as allerlaatste_dag
    from {{ bron }}
    window op_volgorde as (partition by persoon_nr order by begindatum, laatste_dag)
)
where coalesce(begindatum - vorige_laatste_dag - 1 > {{ onderbreking }}, true)
{%- endmacro %}
