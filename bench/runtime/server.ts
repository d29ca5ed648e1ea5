import type { Envtest } from '../../src/testing/index.js';
import type { Load } from './load.js';
import type { Row, Setting } from './rows.js';

/** A real API server with the kind of the load, and what changes its objects. */
export interface Server {
  readonly envtest: Envtest;
  readonly load: Load;
}

export type ServerScenario = (setting: Setting, server: Server) => Promise<readonly Row[]>;
