import { addresses } from './addresses.js';
import { clocks } from './clock.js';
import { conversions } from './conversions.js';
import { core } from './core.js';
import { namedFormats } from './formats.js';
import type { CelFunction } from './function.js';
import { lists } from './lists.js';
import { ordered } from './ordered.js';
import { quantities } from './quantities.js';
import { regexes } from './regex.js';
import { semvers } from './semvers.js';
import { sets } from './sets.js';
import { strings } from './strings.js';
import { urls } from './urls.js';

/** Every function that opgen evaluates; a function may have several entries, of different types and releases. */
export const celFunctions: readonly CelFunction[] = [
  ...core,
  ...clocks,
  ...conversions,
  ...strings,
  ...regexes,
  ...lists,
  ...sets,
  ...urls,
  ...quantities,
  ...ordered,
  ...addresses,
  ...namedFormats,
  ...semvers,
];
