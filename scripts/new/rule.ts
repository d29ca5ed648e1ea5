import { type Sort, withElement, withImport } from './addition.js';

/** A rule about schemas that warns, in a list of its own, with a case that passes and one that is refused. */
export const rule: Sort = {
  name: 'ID',
  pattern: /^[A-Z]{1,3}[1-9][0-9]?$/,
  form: 'one to three capital letters and a number',
  example: 'XT1',
  make(id) {
    const file = id.toLowerCase();
    const folder = `fixtures/validate/${file}-a-title-has-at-most-200-characters-${file}`;
    return {
      files: {
        [`src/validate/${file}.ts`]: source(id),
        [`${folder}/passes.yaml`]: crd('Number of replicas'),
        [`${folder}/refused.yaml`]: crd('x'.repeat(201)),
        [`${folder}/expected.txt`]: expected(id),
      },
      edits: {
        'src/validate/index.ts': (before) =>
          withElement(
            withImport(before, `import { ${file}Rules } from './${file}.js';`, './'),
            'schemaFamilies',
            `\n  { code: 'OG3004', rules: ${file}Rules },\n`,
          ),
      },
      next: `its claim and its check in src/validate/${file}.ts; the folder of its cases is named by id and claim`,
    };
  },
};

const claim = (id: string): string => `A title has at most 200 characters (${id})`;
const hint = 'put the rest into the description';

const source = (id: string): string => `import { below, nothing, type SchemaRule } from './rule.js';

const limit = 200;

export const ${id.toLowerCase()}Rules: readonly SchemaRule[] = [
  {
    id: '${id}',
    claim: '${claim(id)}',
    hint: '${hint}',
    severity: 'warning',
    on: ['title'],
    check: ({ schema: { title }, path }, key) =>
      typeof title === 'string' && title.length > limit
        ? [{ path: below(path, key), detail: \`has \${title.length}\` }]
        : nothing,
  },
];
`;

const expected = (id: string): string =>
  `[${id}] warning: ${claim(id)}, but \`spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.title\` has 201\n  hint: ${hint}\n`;

const crd = (title: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  names:
    kind: Widget
    listKind: WidgetList
    plural: widgets
    singular: widget
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                size:
                  type: integer
                  title: ${title}
`;
