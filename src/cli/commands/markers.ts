import { markerHelp, markerTable } from '../../markers/help.js';
import { markerNames } from '../../markers/registry.js';
import { nearest } from '../../nearest.js';
import type { Command } from '../command.js';

export const markers: Command = {
  name: 'markers',
  summary: 'list the markers and JSDoc tags that opgen understands, or explain one',
  arguments: { usage: '[name]', summary: 'a marker or tag, such as `kubebuilder:validation:Minimum` or `@minimum`' },
  flags: [],
  examples: ['opgen markers', 'opgen markers kubebuilder:printcolumn', 'opgen markers @minimum'],
  async run({ arguments: [name] }) {
    if (name === undefined) return { diagnostics: [], output: markerTable() };
    const help = markerHelp(name.replace(/^\+/, ''));
    if (help !== undefined) return { diagnostics: [], output: help };
    const near = nearest(name, markerNames);
    const hint = near ? `did you mean \`opgen markers ${near}\`?` : 'run `opgen markers` for the list';
    return {
      diagnostics: [
        {
          code: 'OG5001',
          severity: 'error',
          message: `\`markers\` takes the name of a marker, but \`${name}\` is none`,
          hint,
        },
      ],
    };
  },
};
