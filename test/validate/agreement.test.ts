import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Crd } from '../../src/crd/crd.js';
import type { Status } from '../../src/runtime/errors.js';
import { type Envtest, startEnvtest } from '../../src/testing/envtest.js';
import type { Answer } from '../../src/validate/answer.js';
import { answers as given } from '../../src/validate/answers.js';
import { rules, validateCrds } from '../../src/validate/index.js';
import { accessOf, send } from '../support/access.js';
import { assets, describeWithCluster } from '../support/assets.js';
import { isAnswer } from './answers.js';
import { cases, crdOfCase } from './cases.js';
import { crdOf, fixtureOf, readCrds, root } from './fixtures.js';
import { expectedLines, objectNames, objectRoot } from './objects.js';

const apply = ['apply', '--server-side'];
const crdsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const run = promisify(execFile);

interface Complaint {
  readonly path: string;
  readonly message: string;
}

vi.setConfig({ testTimeout: 60_000 });

describeWithCluster('the API server agrees', () => {
  let server: Envtest;
  let dir: string;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'opgen-agreement-'));
    server = await startEnvtest({ binDir: assets!, crdPaths: [join(objectRoot, 'crd.yaml')] });
    writeFileSync(join(dir, 'kubeconfig'), server.kubeconfig);
  }, 120_000);

  afterAll(async () => {
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** What the server has against the objects of a file: empty when it accepts them all. */
  async function refusal(file: string, ...verb: readonly string[]): Promise<string> {
    const args = [...verb, '--dry-run=server', '--validate=strict', '-f', file];
    try {
      await run(join(assets!, 'kubectl'), ['--kubeconfig', join(dir, 'kubeconfig'), ...args]);
      return '';
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  }

  /** What the server has against a CRD, as paths and messages; a request that it does not decode gives one message without a path. */
  async function complaints(crd: object): Promise<readonly Complaint[]> {
    const answer = await send(accessOf(server), 'POST', `${crdsPath}?dryRun=All&fieldValidation=Strict`, { body: crd });
    if (answer.status < 300) return [];
    const { message = '', details } = JSON.parse(answer.body) as Status;
    const causes = details?.causes ?? [{ field: '', message }];
    return causes.map((cause) => ({ path: cause.field ?? '', message: cause.message ?? '' }));
  }

  /** What opgen has against the CRD and how the server words it have to be the same: nothing more, nothing less. */
  async function expectAgreement(crd: Crd): Promise<void> {
    const found = validateCrds([crd]).flatMap((each) => {
      const rule = rules.find(({ id, claim }) => id === each.rule && each.message.startsWith(`${claim}, but \``))!;
      return rule.server ? [{ text: each.message, path: each.serverPath ?? '', answers: rule.server }] : [];
    });
    const said = await complaints(crd.object);
    for (const { path, answers, text } of found) {
      const match = said.some(
        (each) => each.path === path && answers.some((answer) => isAnswer(answer, path, each.message)),
      );
      expect(match, `${text}\nexpected at ${path}, found ${JSON.stringify(said)}`).toBe(true);
    }
    const all = found.flatMap(({ answers }) => answers);
    expect(said.filter(({ path, message }) => !all.some((answer) => isAnswer(answer, path, message)))).toEqual([]);
  }

  describe.each(rules.map((rule) => ({ name: fixtureOf(rule), rule })))('with $name', ({ name, rule }) => {
    test('accepts what passes', async () => {
      expect(await refusal(join(root, name, 'passes.yaml'), ...apply)).toBe('');
    });

    test(
      rule.server ? 'refuses what is refused, at that path with that message' : 'accepts what opgen alone reports',
      async () => {
        const crds = readCrds(name, 'refused.yaml');
        if (rule.server) expect(await refusal(join(root, name, 'refused.yaml'), ...apply)).not.toBe('');
        for (const crd of crds) await expectAgreement(crd);
      },
    );
  });

  test.each(cases)('about a CRD: $claim', async (each) => {
    const crd = crdOf(crdOfCase(each));
    if (each.rule === undefined || each.opgenOnly) expect(await complaints(crd.object)).toEqual([]);
    else expect(await complaints(crd.object)).not.toEqual([]);
    await expectAgreement(crd);
  });

  test('gives every answer of the table', async () => {
    const fixtures = rules.filter(({ server }) => server).flatMap((rule) => readCrds(fixtureOf(rule), 'refused.yaml'));
    const said: Complaint[] = [];
    for (const crd of [...fixtures, ...cases.map((each) => crdOf(crdOfCase(each)))])
      said.push(...(await complaints(crd.object)));
    const unheard = Object.entries<readonly Answer[]>(given).flatMap(([id, all]) =>
      all
        .filter((answer) => !said.some(({ path, message }) => isAnswer(answer, path, message)))
        .map(({ at, says }) => `${id} ${at}: ${says}`),
    );
    expect(unheard).toEqual([]);
  });

  test.each(objectNames)('about an object: %s', async (name) => {
    const text = await refusal(join(objectRoot, name, 'object.yaml'), 'create');
    expect(serverLines(text)).toEqual(expectedLines(name).map(withoutBranchPath).sort());
  });
});

/** The server prints failures of branches and of ranges without a path. */
function withoutBranchPath(line: string): string {
  return line.replace(/^[^ ]*: (?=Invalid value: "": ("[^"]*" must|\w[\w ]+ value must))/, '<nil>: ');
}

/** The findings in what kubectl prints, sorted. */
function serverLines(text: string): readonly string[] {
  const strict = /strict decoding error: (.*)/.exec(text);
  if (strict) return strict[1]!.split(/, (?=unknown field)/).sort();
  const list = text.replace(/^[\s\S]*? is invalid: /, '').trim();
  return list
    .split(/\n?\* /)
    .filter((line) => line !== '')
    .map((line) => line.trim())
    .sort();
}
