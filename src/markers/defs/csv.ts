import type { Diagnostic, Position } from '../../diagnostics.js';
import type { Target } from '../../ir/marker.js';
import { arg, defineMarker, type RecordOf } from '../define.js';
import { descriptorProblem } from '../descriptors.js';

const name = () => arg.checked(arg.string(), (text) => (text === '' ? 'a name' : undefined));

/** `{Kind, version}` or `{Kind, version, name}`. */
const resources = arg.list(
  arg.checked(arg.list(arg.string()), ([kind, version, ...rest]) =>
    kind && version && rest.length <= 1 ? undefined : 'kind, version and at most a name of each resource in braces',
  ),
);

/** `{"urn:a","urn:b"}` or `"urn:a,urn:b"`. */
const xDescriptors = arg.mapped(arg.list(arg.string()), (texts) =>
  texts.flatMap((text) => text.split(',')).map((text) => text.trim()),
);

const fields = {
  type: arg.about('on a property: the side that it describes', arg.optional(arg.oneOf('spec', 'status'))),
  displayName: arg.about('what consoles show for the kind or property', arg.optional(name())),
  xDescriptors: arg.about('on a property: how consoles show it, as URNs', arg.optional(xDescriptors)),
  resources: arg.about(
    'on a kind: what it is made of, such as `{{Pod,v1,""},{Deployment,v1,"memcached"}}`',
    arg.optional(resources),
  ),
  order: arg.about(
    'the place among the others; without it they come in order of their names',
    arg.optional(arg.integer(0)),
  ),
};

export type CsvValue = RecordOf<typeof fields>;

/** What the console of OLM says about a kind and its properties. It has no effect on CRDs. */
export const csvCrd = defineMarker<CsvValue>({
  name: 'operator-sdk:csv:customresourcedefinitions',
  targets: ['field', 'type'],
  kindOnly: true,
  repeatable: true,
  args: arg.record(fields),
  summary: 'How a console that installs operators with OLM shows a kind or one of its properties; CRDs do not change.',
  example:
    '+operator-sdk:csv:customresourcedefinitions:displayName="Memcached",resources={{Deployment,v1,"memcached"}}',
  problemsOn,
});

const ofTarget = {
  field: ['type', 'displayName', 'xDescriptors', 'order'],
  type: ['displayName', 'resources', 'order'],
} as const;

function problemsOn(value: CsvValue, target: Target, at: Position): readonly Diagnostic[] {
  if (target === 'package') return [];
  const known: readonly string[] = ofTarget[target];
  const stray = Object.keys(value).filter((key) => !known.includes(key));
  const place = target === 'field' ? 'a property' : 'a kind';
  const found = stray.map((key): Diagnostic => {
    const message = `\`${key}\` of \`+${csvCrd.name}\` belongs to ${target === 'field' ? 'a kind' : 'a property'}, but it stands on ${place}`;
    return {
      code: 'OG2004',
      severity: 'error',
      message,
      at,
      hint: `of its arguments, ${place} takes ${known.join(', ')}`,
    };
  });
  if (target === 'type') return found;
  return [...found, ...(value.type ? [] : [typeMissing(at)]), ...descriptorProblems(value, at)];
}

function typeMissing(at: Position): Diagnostic {
  const message = `\`+${csvCrd.name}\` on a property expects the argument \`type\`, but it is missing`;
  return { code: 'OG2002', severity: 'error', message, at, hint: 'add `type=spec` or `type=status`' };
}

const descriptorProblems = ({ type, xDescriptors = [] }: CsvValue, at: Position): readonly Diagnostic[] =>
  xDescriptors.flatMap((urn) => descriptorProblem(urn, type, at) ?? []);

export const csvMarkers = [csvCrd] as const;
