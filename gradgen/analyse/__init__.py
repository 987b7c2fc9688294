"""Facts about a program: what varies, what is kept, what shares data, of which kind a value is.

Never changes a program.

Read first, in this order: program.py (each function is read once, and analysed once for each set of parameters that vary),
versions.py (each binding has a version, so that reads and bindings are a plain graph), activity.py (two walks over that graph:
which versions vary, which are useful), arrays.py (the kinds of values), recording.py (what has to be recorded, once the backward
lines are known). Every other module answers one question about a function: its first line says which. Facts lie in maps
beside the tree, by node or by version; a walk over a large function first asks `ir.finding` whether there is anything to look at.

- Which function runs where, and what its surroundings know: `program`, `reading`, `reads`, `binding`, `bindings`, `watched`,
  `places`, `handed`, `handed_twice`, `classes`, `instances`, `objects`, `curves`, `series`, `recursions`, `told`, `given`,
  `live`, `iterators`.
- Versions and activity: `versions`, `activity`, `intermediate`, `graph`.
- Of which kind a value is: `kinds`, `values`, `variables`, `arrays`, `indexing`, `outside`, `stacks`, `dicts`, `rows`,
  `conversions`, `listed`, `methods`, `literals`, `spread`, `wholes`, `wrapping`, `elementwise`, `collected`, `collecting`,
  `dtypes`, `floats`.
- What is recorded, and what may be read, or run, a second time: `recording`, `passed_on`, `replaced`, `feeding`, `stability`,
  `steadiness`, `repeatable`, `getters`, `randomness`, `quiet`, `keeping`, `touched`, `unknown_functions`.
- Which names share an object or its data, and who would see a store: `sharing`, `handing`, `lasting`, `aliases`, `views`,
  `lending`, `showing`, `stored`, `mirroring`, `stored_back`, `held_by_names`, `by_kinds`,
  `lists_as_arrays`, `alone`, `changing`.
- Where control flow goes, and what a loop is at heart: `exits`, `irregular`, `counts`, `searches`, `rebounds`, `among`,
  `bisections`, `ways`.
- Where there is no slope, or a wrong one would come out (kinks, equalities, poles, values that are rounded or cut off): `kinks`,
  `truths`, `disguised`, `windows`, `partings`, `sided`, `signs`, `meetings`, `poles`, `started`, `operators`, `joined`,
  `asking`, `below`, `jumps`, `rounded`, `selection`, `shifts`.
- What solvers and mapped functions are given: `solvers`, `odes`, `entrywise`.
"""
