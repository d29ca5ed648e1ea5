/** Commands that opgen is going to have, with what to do until then. */
export const plannedCommands: Readonly<Record<string, string>> = {
  'create webhook': 'until then a webhook is for you to write and to register',
  'delete api':
    'delete the source of the kind and its entry in PROJECT, then `opgen generate` deletes what was generated from it',
  'delete webhook': 'delete its files by hand',
  edit: '`multigroup` and `namespaced` are chosen with `opgen init`',
  'import crd': 'write the types by hand, and compare with `opgen generate crds --output -`',
  validate: '`opgen generate --check` validates what the sources give',
  diff: 'compare with `git diff config/crd`',
  upgrade: 'compare with a new project of `opgen init`',
  bundle: 'package `config/default` by hand',
  catalog: 'package `config/default` by hand',
  scorecard: '`opgen generate --check` finds what is out of date',
  doctor: '`opgen generate --check` finds what is out of date',
  audit: '`opgen generate --check` finds what is out of date',
};
