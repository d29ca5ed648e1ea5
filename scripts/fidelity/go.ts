import { type FidelityCase, groupOf, type Twin } from './cases.js';

/** Kubernetes' Go libraries that the twins are compiled with. */
export const kubernetesVersion = 'v0.36.3';

/** Files of one Go module with a package for each version of each case, by their path. */
export const goModule = (cases: readonly FidelityCase[]): Readonly<Record<string, string>> => ({
  'go.mod': goMod,
  ...Object.fromEntries(
    cases.flatMap((each) =>
      each.twins.map((twin) => [`${packageFolder(each)}/${twin.version}/types.go`, goFile(each, twin)]),
    ),
  ),
});

const packageFolder = ({ subject, name }: FidelityCase): string => `${subject}/${name}`;

const imports: Readonly<Record<string, string>> = {
  apiextensionsv1: 'k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1',
  corev1: 'k8s.io/api/core/v1',
  intstr: 'k8s.io/apimachinery/pkg/util/intstr',
  metav1: 'k8s.io/apimachinery/pkg/apis/meta/v1',
  resource: 'k8s.io/apimachinery/pkg/api/resource',
  runtime: 'k8s.io/apimachinery/pkg/runtime',
};

/** The declarations of a twin as a whole file; a Kind that says nothing of its own is added. */
function goFile(each: FidelityCase, { version, go }: Twin): string {
  const body = go.includes('metav1.TypeMeta') ? go : `${go}\n${plainKind}`;
  const used = Object.entries(imports).filter(([name]) => new RegExp(`\\b${name}\\.`).test(body));
  return [
    `// +groupName=${groupOf(each)}`,
    `package ${version}`,
    '',
    'import (',
    ...used.map(([name, path]) => `\t${name} "${path}"`),
    ')',
    '',
    body,
  ].join('\n');
}

const plainKind = [
  'type Thing struct {',
  '\tmetav1.TypeMeta   `json:",inline"`',
  '\tmetav1.ObjectMeta `json:"metadata,omitempty"`',
  '',
  '\tSpec ThingSpec `json:"spec"`',
  '}',
  '',
].join('\n');

const goMod = `module example.com/fidelity

go 1.26.0

require (
	k8s.io/api ${kubernetesVersion}
	k8s.io/apiextensions-apiserver ${kubernetesVersion}
	k8s.io/apimachinery ${kubernetesVersion}
)
`;
