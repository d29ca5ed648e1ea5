import type { Diagnostic, Position } from '../diagnostics.js';
import { nearest } from '../nearest.js';

type Side = 'spec' | 'status';

const root = 'urn:alm:descriptor:';
const ui = `${root}com.tectonic.ui:`;

const urns = (prefix: string, words: string): readonly string[] => words.split(' ').map((word) => prefix + word);

/** Whole descriptors of each side. */
const plain: Readonly<Record<Side, readonly string[]>> = {
  spec: urns(
    ui,
    'podCount endpointList label resourceRequirements namespaceSelector booleanSwitch password checkbox imagePullPolicy updateStrategy text ' +
      'number nodeAffinity podAffinity podAntiAffinity advanced hidden',
  ),
  status: [
    ...urns(ui, 'podStatuses podCount password hidden'),
    ...urns(
      root,
      'org.w3:link io.kubernetes.conditions io.kubernetes.phase io.kubernetes.phase:reason text prometheusEndpoint',
    ),
  ],
};

/** Descriptors that something of the author's follows. */
const open: Readonly<Record<Side, readonly string[]>> = {
  spec: [...urns(ui, 'selector: fieldGroup: arrayFieldGroup: select: fieldDependency:'), `${root}io.kubernetes:`],
  status: [`${root}io.kubernetes:`],
};

const isOf = (side: Side, urn: string): boolean =>
  plain[side].includes(urn) || open[side].some((prefix) => urn.startsWith(prefix) && urn.length > prefix.length);

/**
 * What is wrong with a descriptor of a property. A slip in a descriptor of OLM is an error; one of the other side, and one that is none of OLM's, is
 * a warning, because consoles may know more.
 */
export function descriptorProblem(urn: string, side: Side | undefined, at: Position): Diagnostic | undefined {
  if (side ? isOf(side, urn) : isOf('spec', urn) || isOf('status', urn)) return undefined;
  const other = side === 'spec' ? 'status' : 'spec';
  if (isOf(other, urn)) {
    const message = `A descriptor of the ${side} must be one that consoles know there, but \`${urn}\` is one of the ${other}`;
    return { code: 'OG2002', severity: 'warning', message, at, hint: `\`type=${other}\`, or another descriptor` };
  }
  const known = [...plain.spec, ...plain.status, ...open.spec, ...open.status];
  const meant = nearest(urn, known) ?? known.find((each) => each.endsWith(`:${urn}`));
  const isOlm = urn === '' || urn.startsWith(root);
  if (!isOlm && meant === undefined && urn.startsWith('urn:')) return undefined;
  return {
    code: 'OG2002',
    severity: isOlm ? 'error' : 'warning',
    message: `A descriptor must be a URN that consoles know, but \`${urn}\` is none`,
    at,
    hint: meant === undefined ? `such as \`${ui}text\`` : `did you mean \`${meant}\`?`,
  };
}
