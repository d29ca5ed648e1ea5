import { CustomObjectsApi, KubeConfig, makeInformer } from '@kubernetes/client-node';

const config = new KubeConfig();
config.loadFromDefault();
const api = config.makeApiClient(CustomObjectsApi);
const path = '/apis/cache.example.com/v1alpha1/memcacheds';
const informer = makeInformer(config, path, async () => {
  const list = await api.listCustomObjectForAllNamespaces({
    group: 'cache.example.com',
    version: 'v1alpha1',
    plural: 'memcacheds',
    resourcePlural: 'memcacheds',
  });
  console.log('{"synced":true}');
  return list;
});
informer.on('add', () => {});
await informer.start();
