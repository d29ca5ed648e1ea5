import { createManager, defineController, defineResource, onSignals } from 'opgen/runtime';

const memcacheds = defineResource({ group: 'cache.example.com', version: 'v1alpha1', kind: 'Memcached' });
const manager = createManager({ metrics: false, health: false });
manager.add(defineController({ for: memcacheds, async reconcile() {} }), {
  async start() {
    await manager.client.list(memcacheds, { limit: 1 });
    console.log('{"synced":true}');
  },
});
await manager.start(onSignals());
