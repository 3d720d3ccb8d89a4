-- Each outflow is counted once in each way that outflow is counted: per month, per break-down, per reason and per destination.
with uitstroom as (
    select {{ jaar_code('e') }} as jaar, gemeente_code, count(*) as uitstroom from {{ ref('int_uitstroom') }} group by all
),

geteld as (
    select dimensie, jaar, gemeente_code, sum(aantal) as geteld
    from {{ ref('fct_uitstroom_geteld') }}
    -- The crossed pair has no gemeente; its parts add up to the break-downs (uitsplitsing_telt_op).
    where gemeente_code is not null
    group by all
),

verwacht as (
    select dimensies.dimensie, uitstroom.*
    from uitstroom
    cross join (select distinct dimensie from geteld) as dimensies
)

select dimensie, jaar, gemeente_code, verwacht.uitstroom, geteld.geteld
from verwacht
full outer join geteld using (dimensie, jaar, gemeente_code)
where verwacht.uitstroom is distinct from geteld.geteld
