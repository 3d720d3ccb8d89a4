-- Decisions on loonkostensubsidie cut at each change of gemeente: one row a stay in one gemeente.
{{ knip_op_gemeente(ref('stg_lks')) }}
