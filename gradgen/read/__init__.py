"""From a live function to its text, and from that to the program that the later stages work on.

Never judges what a function computes.

- Finding the text: `source`, `compiled`, `positions`, `text`, `callables`, `jitted`, `decorated`, `defaults`, `resolve`,
  `imports`, `standing`.
- Lowering: `lower`, `expressions`, `leaving`, `cases`, `complexes`, `literals`, `annotations`, `refusals`.
- What is spelled otherwise first: `rewriting`, `rewrites`, `small_idioms`, `applied`, `unrolling`, `unnamed`, `spread`, `turns`,
  `sequences`, `ordering`, `iterated`, `dense`, `shorthands`, `synonyms`, `one_way`, `checkpoints`,
  `asked_kinds`, `picked`, `tabled`.
- Lists and dicts that are made of others or change: `joining`, `changed_lists`, `own_lists`, `iterators`, `tables`;
  `own_texts` says which texts are left alone.
- Calls that store, objects that calls make: `storing`, `outputs`, `frozen`, `made`, `constructors`, `inherited`,
  `half_made`, `post_init`, `private_names`, `attributes`,
  `writes`, `managers`, `hooks`, `aliases`, `standard`, `trees`, `named`.
"""
