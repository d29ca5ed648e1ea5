import { camelCase, type Sort } from './addition.js';

/** A set of templates, the function that makes artifacts of it, and its test. */
export const template: Sort = {
  name: 'SET',
  pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  form: 'a word in lower case',
  example: 'notes',
  make(name) {
    const constant = camelCase(name);
    return {
      files: {
        [`templates/${name}/docs/${name}.md.hbs`]: '# {{name}}\n\nWhat people who run this operator have to know.\n',
        [`src/scaffold/${name}.ts`]: source(name, constant),
        [`test/scaffold/${name}.test.ts`]: test(name, constant),
      },
      edits: {},
      next: `the files in templates/${name}, whose paths are those in a project, and the command that calls \`${constant}Artifacts\``,
    };
  },
};

const source = (name: string, constant: string): string => `import type { Artifact } from '../emit/artifact.js';
import type { Project } from '../project/model.js';
import { text } from '../template/encode.js';
import { readTemplates } from '../template/load.js';
import { renderTree } from '../template/render.js';

/** The files of \`templates/${name}\`: written once, then the user's. */
export const ${constant}Artifacts = (project: Pick<Project, 'name'>): readonly Artifact[] =>
  renderTree(readTemplates('${name}'), { name: text(project.name) }).map(({ path, content }) => ({
    path,
    owner: 'user',
    content,
  }));
`;

const test = (name: string, constant: string): string => `import { expect, test } from 'vitest';
import { ${constant}Artifacts } from '../../src/scaffold/${name}.js';
import { textOf } from '../support/api.js';

test('the files are the user’s and speak of the project', () => {
  const [page, ...others] = ${constant}Artifacts({ name: 'cache-operator' });
  expect(others).toEqual([]);
  expect(page).toMatchObject({ path: 'docs/${name}.md', owner: 'user' });
  expect(textOf(page!)).toMatch(/^# cache-operator\\n/);
});
`;
