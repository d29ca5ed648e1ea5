/** Declarative validation of Kubernetes that has no counterpart among the markers of CRDs. */
const declarativeValidation = (
  'minItems minProperties maxProperties maxBytes forbidden neq unique uniqueItems customUnique update item subfield eachKey eachVal ' +
  'discriminator member modalDiscriminator unionDiscriminator unionMember zeroOrOneOfMember dependentRequired opaqueType enumExclude ' +
  'ifEnabled ifDisabled ifMode alpha beta isSubresource supportsSubresource validateTrue validateFalse validateError'
).split(' ');

/** Names that belong to tools that opgen speaks for, but that it generates nothing from; a name ends at a colon or at its end. */
export const unsupported: readonly {
  readonly names: readonly string[];
  readonly because: string;
  readonly hint: string;
}[] = [
  {
    names: [
      'k8s:openapi-gen',
      'k8s:conversion-gen',
      'k8s:conversion-fn',
      'k8s:defaulter-gen',
      'k8s:protobuf-gen',
      'k8s:validation-gen',
    ],
    because: 'it steers a code generator for Go',
    hint: 'remove it',
  },
  {
    names: declarativeValidation.map((word) => `k8s:${word}`),
    because: 'opgen does not generate from this declarative validation of Kubernetes',
    hint: 'use a marker of `kubebuilder:validation:` or `@rule`',
  },
];

/** Why nothing is generated from a marker of this name, and what to do about it. */
export function findUnsupported(name: string): { readonly because: string; readonly hint: string } | undefined {
  return unsupported.find((entry) => entry.names.some((known) => isUnder(name, known)));
}

/** `k8s:ifEnabled(Gate)=…` has its argument in parentheses. */
const isUnder = (name: string, known: string): boolean =>
  name.startsWith(known) && /^([:(]|$)/.test(name.slice(known.length));
