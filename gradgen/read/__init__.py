"""From a live function to its text, and from that to the program that the later stages work on.

Never judges what a function computes.

Read first, in this order: source.py (the text, proved to be what runs), rewriting.py (what is spelled otherwise first, as
edits of that text, so that later stages know fewer constructs; rewrites.py has the list), resolve.py (what a name from outside
stands for), lower.py (statements) and expressions.py. What lower.py does not know is carried along as text, or refused. A new
construct is, if it can be, a rewrite in terms of others: then no later stage needs to know of it.

- Finding the text: `source`, `compiled`, `positions`, `text`, `callables`, `jitted`, `decorated`, `defaults`, `resolve`,
  `imports`, `standing`.
- Lowering: `lower`, `expressions`, `fenced`, `leaving`, `cases`, `complexes`, `literals`, `annotations`, `refusals`.
- What is spelled otherwise first: `rewriting`, `rewrites`, `small_idioms`, `applied`, `unrolling`, `unnamed`, `spread`, `turns`,
  `siblings`, `sequences`, `ordering`, `iterated`, `dense`, `shorthands`, `synonyms`, `one_way`, `checkpoints`, `derived`,
  `asked_kinds`, `picked`, `tabled`, `captured_defaults`, `zipped`.
- Lists and dicts that are made of others or change: `joining`, `changed_lists`, `copied_apart`, `own_lists`, `iterators`,
  `tables`; `own_texts` says which texts are left alone, `own_lines` gives statements lines of their own.
- Methods, and the objects that calls make: `constructors`, `inherited`, `half_made`, `post_init`, `private_names`,
  `attributes`, `frozen`, `made`.
- Calls that store: `storing`, `outputs`, `writes`.
- Objects that a text makes, said without them: `objects`.
- What is asked of a text on the way: `managers`, `hooks`, `aliases`, `standard`, `trees`, `named`.
"""
