import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FidelityCase, groupOf } from './cases.js';
import { goModule, kubernetesVersion } from './go.js';

/** Options of the generator that every run has. */
const commonOptions = ['generateEmbeddedObjectMeta=true', 'allowDangerousTypes=true'];

/** The version of the controller-gen on the PATH. */
export function controllerGenVersion(): string | undefined {
  const { status, stdout } = spawnSync('controller-gen', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.replace('Version:', '').trim() : undefined;
}

/** The text of `VERSION` for results that are made now. */
export const versionText = (version: string): string =>
  `controller-gen ${version}\nk8s.io/api, k8s.io/apimachinery and k8s.io/apiextensions-apiserver ${kubernetesVersion}\ncontroller-gen crd:${commonOptions.join(',')} paths=./...\n`;

/**
 * What controller-gen makes of the Go twin of each case, by the folder of the case: one run over all packages, and one more for each length of
 * descriptions that cases ask for. Fails with controller-gen's own words.
 */
export function runControllerGen(cases: readonly FidelityCase[]): ReadonlyMap<string, string> {
  const lengths = [...new Set(cases.map(({ options }) => options.maxDescLen))];
  return new Map(
    lengths.flatMap((length) => {
      const selected = cases.filter(({ options }) => options.maxDescLen === length);
      return [...runOnce(selected, length === undefined ? [] : [`maxDescLen=${length}`])];
    }),
  );
}

function runOnce(cases: readonly FidelityCase[], options: readonly string[]): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'opgen-fidelity-'));
  try {
    for (const [path, text] of Object.entries(goModule(cases))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const generator = `crd:${[...commonOptions, ...options].join(',')}`;
    const { status, stderr } = spawnSync('controller-gen', [generator, 'paths=./...', 'output:crd:dir=crd'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, GOFLAGS: '-mod=mod', GOSUMDB: 'off' },
    });
    if (status !== 0) throw new Error(stderr.replaceAll(`${folder}/`, ''));
    return new Map(cases.map((each) => [each.folder, crdsOf(each, join(folder, 'crd'))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function crdsOf(each: FidelityCase, folder: string): string {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((file) => file.startsWith(`${groupOf(each)}_`))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('');
}
