import { metrics } from './index.js';

const reads = metrics.counter({
  name: 'certwatcher_read_certificate_total',
  help: 'Times that a certificate was read from its files.',
});
const errors = metrics.counter({
  name: 'certwatcher_read_certificate_errors_total',
  help: 'Times that a certificate could not be read from its files, or did not fit its key.',
});

export const countCertificateRead = (): void => reads.inc();
export const countCertificateError = (): void => errors.inc();
