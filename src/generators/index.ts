import { code } from './code.js';
import { crds } from './crds.js';
import { dockerfile } from './dockerfile.js';
import type { Generator } from './generator.js';
import { makefile } from './makefile.js';
import { rbac } from './rbac.js';
import { samples } from './samples.js';
import { webhooks } from './webhooks.js';

/** In the order of the help. */
export const generators: readonly Generator[] = [crds, rbac, webhooks, code, samples, makefile, dockerfile];
