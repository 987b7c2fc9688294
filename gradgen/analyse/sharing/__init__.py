"""Which names share an object or its data, and who would see a store.

Never changes or copies anything. Read first: variables.py (objects), views.py (the data of arrays), stored.py.

- `variables`, `handing`, `lasting`, `aliases`, `views`, `lending`, `showing`, `stored`, `mirroring`, `stored_back`,
  `held_by_names`, `by_kinds`, `joined_by_kinds`, `lists_as_arrays`, `alone`, `changing`, `zero_d`.
"""
