"""Facts about a program: what varies, what is kept, what shares data, of which kind a value is.

Never changes a program.

- Programs and calls: `program`, `reading`, `reads`, `binding`, `bindings`, `watched`, `places`, `handed`, `handed_twice`,
  `classes`, `instances`, `objects`, `curves`, `series`, `recursions`, `told`, `given`, `live`, `iterators`.
- Versions and activity: `versions`, `activity`, `intermediate`, `graph`.
- Kinds: `kinds`, `values`, `variables`, `arrays`, `indexing`, `outside`, `stacks`, `dicts`, `rows`, `conversions`, `listed`,
  `methods`, `literals`, `spread`, `wholes`, `wrapping`, `elementwise`, `collected`, `collecting`, `dtypes`, `floats`.
- What is recorded, what may be read again: `recording`, `passed_on`, `replaced`, `feeding`, `stability`, `steadiness`,
  `repeatable`, `getters`, `randomness`, `quiet`, `keeping`, `touched`, `unknown_functions`.
- Who shares what: `sharing`, `handing`, `lasting`, `aliases`, `views`, `lending`, `showing`, `stored`, `mirroring`,
  `stored_back`, `held_by_names`, `alone`, `changing`.
- Control flow: `exits`, `irregular`, `counts`, `searches`, `rebounds`, `among`, `bisections`, `ways`.
- Where slopes fail: `kinks`, `truths`, `disguised`, `windows`, `partings`, `sided`, `signs`, `meetings`, `poles`, `started`,
  `operators`, `joined`, `asking`, `below`, `jumps`, `rounded`, `selection`, `shifts`.
- Solvers: `solvers`, `odes`, `entrywise`.
"""
