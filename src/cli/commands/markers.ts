import { markerHelp, markerTable, nearestName } from '../../markers/help.js';
import type { Command } from '../command.js';

export const markers: Command = {
  name: 'markers',
  summary: 'list the markers and JSDoc tags that opgen understands, or explain one',
  arguments: {
    usage: '[name]',
    summary:
      'a marker or tag, such as `kubebuilder:validation:Minimum` or `@minimum`, or a prefix such as `kubebuilder:subresource`',
    completes: 'markers',
  },
  flags: [],
  examples: ['opgen markers', 'opgen markers kubebuilder:printcolumn', 'opgen markers @minimum'],
  async run({ arguments: [name] }, { columns }) {
    if (name === undefined) return { diagnostics: [], output: markerTable(columns) };
    const help = markerHelp(name, columns);
    if (help !== undefined) return { diagnostics: [], output: help };
    const near = nearestName(name);
    const hint = near ? `did you mean \`opgen markers ${near}\`?` : 'run `opgen markers` for the list';
    const message = `\`markers\` takes the name of a marker, but \`${name}\` is none`;
    return { diagnostics: [{ code: 'OG5001', severity: 'error', message, hint }] };
  },
};
