-- Pairs of measurements of a person with one instrument: the last of a year, and of those 9 to 15 months before it the one nearest to a year before (of two
-- as near the later one).
with laatste as (
    select
        persoon_nr,
        instrument,
        year(datum) as jaar,
        max(datum) as d,
        max_by(score, datum) as score
    from {{ ref('stg_meting') }}
    group by persoon_nr, instrument, year(datum)
),

paren as (
    select
        laatste.persoon_nr,
        laatste.instrument,
        laatste.d,
        laatste.score,
        min_by(eerder.score, {
            'afstand': abs(eerder.datum - {{ plus_maanden('laatste.d', -12) }}),
            'vroeger': laatste.d - eerder.datum
        }) as eerdere_score
    from laatste
    inner join {{ ref('stg_meting') }} as eerder
        on laatste.persoon_nr = eerder.persoon_nr
        and laatste.instrument = eerder.instrument
        and eerder.datum >= {{ plus_maanden('laatste.d', -15) }}
        and eerder.datum <= {{ plus_maanden('laatste.d', -9) }}
    group by laatste.persoon_nr, laatste.instrument, laatste.d, laatste.score
)

select
    paren.persoon_nr,
    paren.instrument,
    {{ jaar_code('paren.d') }} as jaar,
    {{ gemeente_op_dag() }} as gemeente_code,
    paren.score > paren.eerdere_score as vooruit
from paren
{{ met_gemeente_op_dag('paren', 'paren.d') }}
