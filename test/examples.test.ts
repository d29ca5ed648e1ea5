import { expect, test } from 'vitest';
import { examples, filesOf, makeExample } from './support/example.js';
import { tempFolder } from './support/temp.js';

/** `npm run examples` makes the folders anew. */
test.each(examples)('fixtures/projects/%s is what its steps and its author make', async (name) => {
  const folder = tempFolder();
  await makeExample(name, folder);
  expect(filesOf(`fixtures/projects/${name}`)).toEqual(filesOf(folder));
});
