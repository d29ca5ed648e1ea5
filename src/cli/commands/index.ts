import type { Command } from '../command.js';
import { completion } from './completion.js';
import { createApi } from './create-api.js';
import { dev } from './dev.js';
import { generate } from './generate.js';
import { init } from './init.js';
import { markers } from './markers.js';
import { version } from './version.js';

/** In the order of the help. */
export const commands: readonly Command[] = [init, createApi, generate, dev, markers, completion, version];
