import { memcachedCrd, thingCrd } from '../fake/objects.js';
import { crds as own } from './crds.js';
import type { Scenario } from './scenario.js';
import { applies } from './scenarios/apply.js';
import { basics } from './scenarios/basics.js';
import { builtins } from './scenarios/builtin.js';
import { deletes } from './scenarios/deletes.js';
import { discovery } from './scenarios/discovery.js';
import { reads } from './scenarios/reads.js';
import { writes } from './scenarios/writes.js';

/** The scenarios by their area, which is the name of the file of their answers. */
export const areas: Readonly<Record<string, readonly Scenario[]>> = {
  basics,
  writes,
  apply: applies,
  reads,
  deletes,
  discovery,
  builtins,
};

/** What both servers serve. */
export const crds = (): readonly object[] => [...own(), memcachedCrd(), thingCrd()];
