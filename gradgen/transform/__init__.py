"""The chain rule: from a program and its facts to the backward parts of its gradient, and to tangents.

Reverse mode lies here, forward mode in `forward`, which uses much of it. Never prints.

Read first, in this order: reverse.py (one function from its facts to its gradient), control.py (walks the statements in the
user's order, and has each planned), assigning.py and stores/ (which adjoints a statement hands on), statement.py (its plan:
what the lines read, and by which names), expressions/ (the chain rule through one expression), settling.py (name, recompute or
keep an inner value), backward.py (the plans turned round), writing.py (the lines of one plan). Plans are made before any line
is written, as only all of them together say what has to be recorded.

- The way of one function: `reverse`, `module`, `control`, `planning`, `assigning`, `statement`, `settling`, `writing`,
  `backward`, `gradient`.
- Results and names: `results`, `result_kinds`, `names`, `holding`. What both modes ask of calls: `program_calls`.
- The chain rule through one expression, and through operations on arrays: `expressions`, `arrays`, `solvers`.
- The plan and the lines of one statement: `lines`. Stores into containers and arrays: `stores`.
- Loops and exits turned round, and what they keep: `loops`.
- What generated code looks at when it runs, and what is refused: `guarding`.
- Last passes over the lines: `passes`.
- Tangents beside the values: `forward`.
"""
