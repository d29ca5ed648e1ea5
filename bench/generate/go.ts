import { kindStructs, sharedStructs } from './kind.js';
import { type Field, group, kindMarkers, kindName, type Struct } from './types.js';

/** Files of a Go module with the same kinds, by their path. */
export function goModule(count: number): Readonly<Record<string, string>> {
  const kinds = Array.from({ length: count }, (_, index) => [
    `v1alpha1/${kindName(index).toLowerCase()}.go`,
    kindSource(index),
  ]);
  return {
    'go.mod': goMod,
    'v1alpha1/doc.go': `// +groupName=${group}\npackage v1alpha1\n`,
    'v1alpha1/shared.go': ['package v1alpha1', '', ...sharedStructs.flatMap(struct)].join('\n'),
    ...Object.fromEntries(kinds),
  };
}

function kindSource(index: number): string {
  const kind = kindName(index);
  return [
    'package v1alpha1',
    '',
    'import (',
    '\tcorev1 "k8s.io/api/core/v1"',
    '\tmetav1 "k8s.io/apimachinery/pkg/apis/meta/v1"',
    ')',
    '',
    ...kindStructs(kind, index, 100).flatMap(struct),
    ...[`${kind} is a kind.`, '+kubebuilder:object:root=true', ...kindMarkers].map((line) => `// ${line}`),
    `type ${kind} struct {`,
    '\tmetav1.TypeMeta `json:",inline"`',
    '\tmetav1.ObjectMeta `json:"metadata,omitempty"`',
    `\tSpec ${kind}Spec \`json:"spec,omitempty"\``,
    `\tStatus ${kind}Status \`json:"status,omitempty"\``,
    '}',
    '',
  ].join('\n');
}

const struct = ({ name, summary, fields }: Struct): readonly string[] => [
  `// ${name}: ${summary}`,
  `type ${name} struct {`,
  ...fields.flatMap(field),
  '}',
  '',
];

const field = ({ name, summary, go, markers, goMarkers = [], required }: Field): readonly string[] => [
  ...[summary, ...[...markers, ...goMarkers].map(marker), required ? '+required' : '+optional'].map(
    (line) => `\t// ${line}`,
  ),
  `\t${name[0]!.toUpperCase()}${name.slice(1)} ${go} \`json:"${name},omitempty"\``,
];

function marker(text: string): string {
  if (/^(list|map|struct)/.test(text)) return `+${text}`;
  return /^(default|example|title)=/.test(text) ? `+kubebuilder:${text}` : `+kubebuilder:validation:${text}`;
}

/** With its indirect dependencies, so that nothing has to be resolved. */
const goMod = `module example.com/bench

go 1.26.0

require (
	k8s.io/api v0.36.3
	k8s.io/apimachinery v0.36.3
)

require (
	github.com/fxamacker/cbor/v2 v2.9.0 // indirect
	github.com/go-logr/logr v1.4.3 // indirect
	github.com/json-iterator/go v1.1.12 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.3-0.20250322232337-35a7c28c31ee // indirect
	github.com/x448/float16 v0.8.4 // indirect
	go.yaml.in/yaml/v2 v2.4.3 // indirect
	golang.org/x/net v0.49.0 // indirect
	golang.org/x/text v0.33.0 // indirect
	gopkg.in/inf.v0 v0.9.1 // indirect
	k8s.io/klog/v2 v2.140.0 // indirect
	k8s.io/kube-openapi v0.0.0-20260317180543-43fb72c5454a // indirect
	k8s.io/utils v0.0.0-20260210185600-b8788abfbbc2 // indirect
	sigs.k8s.io/json v0.0.0-20250730193827-2d320260d730 // indirect
	sigs.k8s.io/randfill v1.0.0 // indirect
	sigs.k8s.io/structured-merge-diff/v6 v6.3.3 // indirect
)
`;
