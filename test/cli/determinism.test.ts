import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Circumstances, generatedIn, writeProject } from '../support/generated.js';
import { sharedFolder, tempFolder } from '../support/temp.js';

const environments: Readonly<Record<string, NonNullable<Circumstances['env']>>> = {
  'Turkish letters': { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', LC_COLLATE: 'tr_TR.UTF-8' },
  'Estonian order': { LANG: 'et_EE.UTF-8', LC_ALL: 'et_EE.UTF-8' },
  'no locale at all, a day ahead': { LANG: undefined, LC_ALL: 'C', TZ: 'Pacific/Kiritimati' },
  'a day behind, in the past': { TZ: 'Pacific/Midway', SOURCE_DATE_EPOCH: '0' },
  'colours and a wide terminal': { FORCE_COLOR: '3', COLUMNS: '500' },
};

describe('a project gives the same bytes', () => {
  const write = (folder: string) => writeProject(folder, 'database');
  let expected: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const folder = sharedFolder();
    write(folder);
    expected = await generatedIn(folder, []);
    expect(Object.keys(expected).some((path) => path.startsWith('config/crd/bases/'))).toBe(true);
  });

  test.each(Object.entries(environments))('with %s', async (_, env) => {
    const folder = tempFolder();
    write(folder);
    expect(await generatedIn(folder, [], { env })).toEqual(expected);
  });

  test('from another working directory, in a folder with another name', async () => {
    const folder = join(tempFolder(), 'ein Ordner mit ümlaut & space');
    mkdirSync(folder);
    write(folder);
    expect(await generatedIn(folder, [], { from: '/' })).toEqual(expected);
  });

  test('a second time, and after the folder has moved', async () => {
    const folder = join(tempFolder(), 'before');
    mkdirSync(folder);
    write(folder);
    await generatedIn(folder, []);
    expect(await generatedIn(folder, [])).toEqual(expected);
    const moved = join(folder, '../after');
    renameSync(folder, moved);
    expect(await generatedIn(moved, [])).toEqual(expected);
  });
});
