import type { Crd } from '../crd/crd.js';
import { positionOf } from '../crd/crd.js';
import type { Code, Diagnostic } from '../diagnostics.js';
import type { JsonObject } from '../json.js';
import { memberAt, objectAt } from '../json.js';
import { celRules } from './cel.js';
import { columnRules } from './columns.js';
import { conversionRules } from './conversion.js';
import { crdDecodeRules, decodeRules } from './decode.js';
import { defaultRules } from './defaults.js';
import { keywordRules } from './keywords.js';
import { crdLints, schemaLints } from './lints.js';
import { listRules } from './lists.js';
import { nameRules, projectRules } from './names.js';
import type { CrdRule, Finding, ProjectRule, Rule, SchemaRule } from './rule.js';
import { below, pathText } from './rule.js';
import { scaleRules } from './scale.js';
import { selectableRules } from './selectable.js';
import { serverPaths } from './serverpath.js';
import { goodOnes } from './shared.js';
import { structuralRules } from './structural.js';
import { defaultEvaluationRules, transitionRules } from './transition.js';
import { versionRules, versions } from './versions.js';
import type { SchemaNode } from './walk.js';
import { walkSchema } from './walk.js';

export { applyDefaults, type ValueFinding, validateObject } from './object.js';

interface Family<R extends Rule> {
  readonly code: Code;
  readonly rules: readonly R[];
}

const crdFamilies: readonly Family<CrdRule>[] = [
  { code: 'OG3001', rules: crdDecodeRules },
  { code: 'OG3002', rules: nameRules },
  { code: 'OG3003', rules: [...versionRules, ...scaleRules, ...columnRules, ...selectableRules, ...conversionRules] },
  { code: 'OG3010', rules: crdLints },
];

const projectFamilies: readonly Family<ProjectRule>[] = [{ code: 'OG3002', rules: projectRules }];

const schemaFamilies: readonly Family<SchemaRule>[] = [
  { code: 'OG3001', rules: decodeRules },
  { code: 'OG3004', rules: keywordRules },
  { code: 'OG3005', rules: structuralRules },
  { code: 'OG3006', rules: listRules },
  { code: 'OG3007', rules: [...defaultRules, ...defaultEvaluationRules] },
  { code: 'OG3008', rules: [...celRules, ...transitionRules] },
  { code: 'OG3010', rules: schemaLints },
];

/** Every rule with its code, in the order of the families. */
export const table: readonly { readonly code: Code; readonly rule: Rule }[] = [
  ...crdFamilies,
  ...projectFamilies,
  ...schemaFamilies,
].flatMap(({ code, rules }) => rules.map((rule) => ({ code, rule })));

export const rules: readonly Rule[] = table.map(({ rule }) => rule);

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

/**
 * What the API server would refuse in the CRDs, and what it would accept to the harm of users; without CEL compilation and costs.
 * `except`: ids of rules that are left out. A frozen part of a schema counts as frozen to its leaves.
 */
export function validateCrds(crds: readonly Crd[], except: readonly string[] = []): readonly Diagnostic[] {
  const reporters = crds.map(reporterOf);
  const objects = reporters.map(({ object }) => object);
  const together = projectFamilies.flatMap(({ code, rules }) =>
    rules.flatMap((rule) => rule.check(objects).map((finding) => reporters[finding.crd]!.report(code, rule, finding))),
  );
  const found = [...reporters.flatMap(validateCrd), ...together];
  return except.length === 0 ? found : found.filter(({ rule }) => !except.includes(rule!));
}

/** A CRD and how findings in it become diagnostics. */
interface Reporter {
  readonly object: JsonObject;
  report(code: Code, rule: Rule, finding: Finding): Diagnostic;
}

function reporterOf(crd: Crd): Reporter {
  const object = crd.object as unknown as JsonObject;
  const serverPath = serverPaths(object);
  return {
    object,
    report(code, rule, finding) {
      const { blamed = finding.path, inside = '' } = finding;
      const path = pathText(finding.path);
      return {
        code,
        rule: rule.id,
        severity: rule.severity ?? 'error',
        message: `${rule.claim}, but \`${path}\` ${finding.detail}`,
        at: positionOf(crd, path),
        hint: finding.hint ?? rule.hint,
        ...(hasPath(rule) ? { serverPath: `${serverPath(blamed)}${inside}` } : {}),
      };
    },
  };
}

/** Whether the server names a place: it does not before it has decoded the request. */
const hasPath = ({ server = [] }: Rule): boolean => server.some(({ at }) => at !== '');

function validateCrd(crd: Reporter): readonly Diagnostic[] {
  const found = crdFamilies.flatMap(({ code, rules }) =>
    rules.flatMap((rule) => rule.check(crd.object).map((finding) => crd.report(code, rule, finding))),
  );
  return [...found, ...validateSchemas(crd)];
}

/** One walk for all rules, each asked only where its keywords stand; what was found good before is passed over. */
function validateSchemas({ object, report }: Reporter): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const ask = (questions: readonly Question[] | undefined, node: SchemaNode, key: string): void => {
    if (!questions) return;
    for (const { code, rule } of questions) {
      for (const finding of rule.check(node, key)) found.push(report(code, rule, finding));
    }
  };
  for (const { value, schema, path } of versions(object)) {
    if (!objectAt(memberAt(value, 'schema'), 'openAPIV3Schema')) continue;
    walkSchema(schema, below(path, 'schema', 'openAPIV3Schema'), (node, descend) => {
      const good = goodOnes(node);
      if (good?.has(node.schema)) return;
      const before = found.length;
      ask(always, node, '');
      for (const key in node.schema) ask(byKeyword.get(key), node, key);
      descend();
      if (found.length === before) good?.add(node.schema);
    });
  }
  return found;
}
