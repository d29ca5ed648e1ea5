import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectedPath, fidelityCases, fidelityRoot } from './fidelity/cases.js';
import { controllerGenVersion, runControllerGen, versionText } from './fidelity/controllergen.js';

/**
 * Remakes what controller-gen says of the Go twins, which needs controller-gen and Go on the PATH; with `--check` only says which stored results differ.
 */
const version = controllerGenVersion();
if (!version) {
  process.stderr.write('controller-gen must be on the PATH.\n');
  process.exit(2);
}
const cases = fidelityCases();
const made = runControllerGen(cases);
const files = [
  [join(fidelityRoot, 'VERSION'), versionText(version)] as const,
  ...cases.map((each) => [expectedPath(each), made.get(each.folder)!] as const),
];
const outdated = files.filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
const isCheck = process.argv.includes('--check');
for (const [path, text] of outdated) {
  if (isCheck) process.stderr.write(`${path} is out of date. Run \`npx tsx scripts/fidelity.ts\`.\n`);
  else writeFileSync(path, text);
}
process.stdout.write(`${cases.length} cases, ${outdated.length} ${isCheck ? 'out of date' : 'written'}\n`);
process.exitCode = isCheck && outdated.length > 0 ? 1 : 0;
