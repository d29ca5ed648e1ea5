import type { ApiError } from '../../../runtime/errors.js';
import type { Call } from '../call.js';
import { badRequest, invalidOption } from '../status.js';

const path = 'resourceVersionMatch';
const refuse = (message: string): ApiError => invalidOption('ListOptions', path, message);

/** Refuses options of a list or a watch that do not go together. */
export function checkListOptions({ query, verb }: Call): void {
  const { resourceVersion = '', resourceVersionMatch: match = '', limit = '', sendInitialEvents } = query;
  if (!/^-?\d*$/.test(limit)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(limit)}: invalid syntax`);
  if (query.continue && resourceVersion !== '' && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (verb === 'watch') checkWatch(match, sendInitialEvents);
  else checkList(match, resourceVersion, sendInitialEvents);
}

function checkWatch(match: string, sendInitialEvents: string | undefined): void {
  if (match !== '' && sendInitialEvents === undefined) {
    throw refuse(`Forbidden: ${path} is forbidden for watch unless sendInitialEvents is provided`);
  }
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    throw refuse(`Forbidden: sendInitialEvents requires setting ${path} to NotOlderThan`);
  }
}

function checkList(match: string, version: string, sendInitialEvents: string | undefined): void {
  if (sendInitialEvents !== undefined) {
    const message = 'Forbidden: sendInitialEvents is forbidden for list';
    throw invalidOption('ListOptions', 'sendInitialEvents', message);
  }
  if (match === '') return;
  if (version === '') throw refuse(`Forbidden: ${path} is forbidden unless resourceVersion is provided`);
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw refuse(`Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`);
  }
  if (match === 'Exact' && version === '0') {
    throw refuse(`Forbidden: ${path} "exact" is forbidden for resourceVersion "0"`);
  }
}
