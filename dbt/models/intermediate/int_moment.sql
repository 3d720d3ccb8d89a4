-- Every (person, day) on which a trait is asked for: days of outflow, of inflow, and year ends with a benefit.
select persoon_nr, laatste_dag as dag from {{ ref('int_uitkeringsperiode') }} where geeindigd
union
select persoon_nr, begindatum as dag from {{ ref('int_uitkeringsperiode') }}
union
select persoon_nr, dag from {{ ref('int_stand_jaareinde') }}
