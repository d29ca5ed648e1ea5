import type { Crd, JsonObject } from '../crd/crd.js';
import { positionOf } from '../crd/crd.js';
import type { Code, Diagnostic } from '../diagnostics.js';
import { celRules } from './cel.js';
import { defaultRules } from './defaults.js';
import { memberAt, objectAt } from './json.js';
import { decodeRules, keywordRules } from './keywords.js';
import { listRules } from './lists.js';
import { nameRules, projectRules } from './names.js';
import type { CrdRule, Finding, ProjectRule, Rule, SchemaRule } from './rule.js';
import { below, pathText } from './rule.js';
import { structuralRules } from './structural.js';
import { versionRules, versions } from './versions.js';
import type { SchemaNode } from './walk.js';
import { walkSchema } from './walk.js';

export { applyDefaults, type ValueFinding, validateObject } from './object.js';

interface Family<R extends Rule> {
  readonly code: Code;
  readonly rules: readonly R[];
}

const crdFamilies: readonly Family<CrdRule>[] = [
  { code: 'OG3002', rules: nameRules },
  { code: 'OG3003', rules: versionRules },
];

const projectFamilies: readonly Family<ProjectRule>[] = [{ code: 'OG3002', rules: projectRules }];

const schemaFamilies: readonly Family<SchemaRule>[] = [
  { code: 'OG3001', rules: decodeRules },
  { code: 'OG3004', rules: keywordRules },
  { code: 'OG3005', rules: structuralRules },
  { code: 'OG3006', rules: listRules },
  { code: 'OG3007', rules: defaultRules },
  { code: 'OG3008', rules: celRules },
];

/** Every rule, in the order of the families. */
export const rules: readonly Rule[] = [...crdFamilies, ...projectFamilies, ...schemaFamilies].flatMap((family) => [
  ...family.rules,
]);

interface Question {
  readonly code: Code;
  readonly rule: SchemaRule;
}

const questions: readonly Question[] = schemaFamilies.flatMap(({ code, rules }) =>
  rules.map((rule) => ({ code, rule })),
);
const always = questions.filter(({ rule }) => !rule.on);
const byKeyword = new Map<string, Question[]>();
for (const question of questions) {
  for (const key of question.rule.on ?? []) byKeyword.set(key, [...(byKeyword.get(key) ?? []), question]);
}

/** What the API server would refuse in the CRDs, and what it would accept to the harm of users; without CEL compilation and costs. */
export function validateCrds(crds: readonly Crd[]): readonly Diagnostic[] {
  const objects = crds.map((crd) => crd.object as unknown as JsonObject);
  const together = projectFamilies.flatMap(({ code, rules }) =>
    rules.flatMap((rule) => rule.check(objects).map((finding) => diagnostic(crds[finding.crd]!, code, rule, finding))),
  );
  return [...crds.flatMap(validateCrd), ...together];
}

function validateCrd(crd: Crd): readonly Diagnostic[] {
  const object = crd.object as unknown as JsonObject;
  const found = crdFamilies.flatMap(({ code, rules }) =>
    rules.flatMap((rule) => rule.check(object).map((finding) => diagnostic(crd, code, rule, finding))),
  );
  return [...found, ...validateSchemas(crd, object)];
}

/** One walk for all rules, each asked only where its keywords stand. */
function validateSchemas(crd: Crd, object: JsonObject): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const ask = (questions: readonly Question[] | undefined, node: SchemaNode, key: string): void => {
    if (!questions) return;
    for (const { code, rule } of questions) {
      for (const finding of rule.check(node, key)) found.push(diagnostic(crd, code, rule, finding));
    }
  };
  for (const { value, schema, path } of versions(object)) {
    if (!objectAt(memberAt(value, 'schema'), 'openAPIV3Schema')) continue;
    walkSchema(schema, below(path, 'schema', 'openAPIV3Schema'), (node) => {
      ask(always, node, '');
      for (const key in node.schema) ask(byKeyword.get(key), node, key);
    });
  }
  return found;
}

function diagnostic(crd: Crd, code: Code, rule: Rule, finding: Finding): Diagnostic {
  const path = pathText(finding.path);
  return {
    code,
    rule: rule.id,
    severity: rule.severity ?? 'error',
    message: `${rule.claim}, but \`${path}\` ${finding.detail}`,
    at: positionOf(crd, path),
    hint: finding.hint ?? rule.hint,
  };
}
