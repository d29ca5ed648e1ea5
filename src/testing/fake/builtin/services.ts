import { at, fill, itemsOf, type Members } from './values.js';

/** The defaults of a service; addresses and node ports are not given out, and the family is that of a cluster with IPv4. */
export function defaultService(service: Members): void {
  const spec = at(service, 'spec');
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  for (const port of itemsOf(spec, 'ports')) {
    fill(port, { protocol: 'TCP' });
    fill(port, { targetPort: port.port });
  }
  if (spec.type === 'ExternalName') return;
  fill(spec, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster' });
  if (spec.clusterIP !== undefined) fill(spec, { clusterIPs: [spec.clusterIP] });
  if (spec.type !== 'ClusterIP') fill(spec, { externalTrafficPolicy: 'Cluster' });
}
