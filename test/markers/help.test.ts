import { expect, test } from 'vitest';
import { markerHelp, markersMarkdown, markerTable } from '../../src/markers/help.js';
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
    name         string, required
    type         integer | number | string | boolean | date, required
    JSONPath     string, required
    description  string
    format       int32 | int64 | float | double | byte | date | date-time | password
    priority     integer
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
