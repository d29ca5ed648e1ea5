import { createManager, exitWithError, managerFlags, onSignals } from 'opgen/runtime';

// +opgen:scaffold:imports

try {
  const manager = createManager(managerFlags());
  // +opgen:scaffold:builder
  await manager.start(onSignals());
} catch (error) {
  exitWithError(error);
}
