"""Forward mode: tangents written beside the values, from the rows that reverse mode reads.

Never records anything on a tape.

- The order of work: `jvp`, `module`, `walk`, `statements`, `returning`, `settling`, `own_lines`.
- One expression: `tangent`, `arrays`, `filling`, `slopes`, `elements`, `entrywise`, `solvers`, `odes`, `bisections`, `callees`.
- Which tangents there are, and who holds them: `mirror`, `sharing`, `storing`, `handing`, `moving`, `by_name`.
- What may be left out or raised: `pruning`, `unread`, `own_part`, `silent`, `raising`.
"""
