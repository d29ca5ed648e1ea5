import { expect, test } from 'vitest';
import { markerHelp, markerTable, nearestName } from '../../src/markers/help.js';
import { markersMarkdown } from '../../src/markers/page.js';
import { markerNames, markers, tagNames } from '../../src/markers/registry.js';

test('the help of a marker tells what to type, where, and with which arguments', () => {
  expect(
    markerHelp('kubebuilder:printcolumn'),
  ).toBe(`+kubebuilder:printcolumn:name,type,JSONPath,description?,format?,priority?

  A column of \`kubectl get\`; one with a priority above 0 shows only with \`-o wide\`.

  on        a kind
  repeats   yes
  example   +kubebuilder:printcolumn:name=Size,type=integer,JSONPath=.spec.size

  arguments
    name         string, required: the head of the column
    type         integer | number | string | boolean | date, required: what the column holds
    JSONPath     string, required: a path such as \`.spec.size\`
    description  string: what it means
    format       int32 | int64 | float | double | byte | date | date-time | password: a format of OpenAPI
    priority     integer: above 0: only with \`-o wide\`
`);
});

test('the help of a validation names its tag, its aliases and its forms for elements', () => {
  expect(markerHelp('@minimum')).toBe(`+kubebuilder:validation:Minimum=<number>

  The smallest number that is accepted.

  also      +k8s:minimum, @minimum
  on        a property, a type, elements
  elements  +kubebuilder:validation:items:Minimum, @items.minimum, @values.minimum
  example   +kubebuilder:validation:Minimum=1
  tag       @minimum 1
`);
});

test.each([
  ...markerNames,
  ...markerNames.map((name) => `+${name}`),
  ...tagNames.map((name) => `@${name}`),
  'minLength',
  'printcolumn',
])('%s has help', (name) => {
  expect(markerHelp(name)).toMatch(/^\+.+\n\n {2}\S/);
});

test('a name that does not exist has none', () => {
  expect(markerHelp('kubebuilder:nothing')).toBeUndefined();
  expect(markerHelp('@')).toBeUndefined();
});

test.each([
  ['kubebuilder:nothing', undefined],
  ['kubebuilder:printcolum', 'kubebuilder:printcolumn'],
  ['+kubebuilder:validation:Minimun', 'kubebuilder:validation:Minimum'],
  ['@minLenght', '@minLength'],
  ['patern', '@pattern'],
  ['listtype', '@listType'],
])('%s is near to %s', (name, near) => {
  expect(nearestName(name)).toBe(near);
});

test('a prefix gives the markers under it', () => {
  const rows = markerHelp('kubebuilder:subresource')!.split('\n');
  expect(rows.map((row) => row.trim().split(' ')[0])).toEqual([
    '+kubebuilder:subresource:status',
    '+kubebuilder:subresource:scale',
    '',
  ]);
});

test.each([
  ['+kubebuilder:validation:items:Pattern', '+kubebuilder:validation:Pattern=<string>'],
  ['@items.values.pattern', '+kubebuilder:validation:Pattern=<string>'],
  ['kubebuilder:default=', '+kubebuilder:default=<any>'],
])('the form %s has the help of its marker', (name, head) => {
  expect(markerHelp(name)!.split('\n')[0]).toBe(head);
});

test.each(['kubebuilder:validation:items:Required', '@items.default'])('%s is no form for elements', (name) => {
  expect(markerHelp(name)).toBeUndefined();
});

test('a name that is refused says why', () => {
  expect(markerHelp('+k8s:unionMember')).toMatch(/^\+k8s:unionMember has no effect: .+ Instead: .+\n$/);
});

test('a terminal gets lines that it can show, a pipe one line for each marker', () => {
  for (const line of markerTable(60).split('\n')) {
    const isName = line.startsWith('  +');
    if (!isName) expect(line.length, line).toBeLessThanOrEqual(60);
  }
  expect(markerTable(60).replace(/\s+/g, '')).toContain('Howserver-sideapplymergesthelist');
  const rows = markerTable()
    .split('\n')
    .filter((line) => line.startsWith('  '));
  expect(rows).toHaveLength(markers.length);
});

test('the table and the Markdown reference have every marker', () => {
  for (const { name } of markers) {
    expect(
      markerTable()
        .split('\n')
        .filter((line) => line.startsWith(`  +${name} `)),
    ).toHaveLength(1);
    expect(
      markersMarkdown()
        .split('\n')
        .filter((line) => line === `### \`+${name}\``),
    ).toHaveLength(1);
  }
});
