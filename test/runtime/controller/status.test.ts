import { expect, test } from 'vitest';
import { createClient } from '../../../src/runtime/client/index.js';
import { statusPatcher } from '../../../src/runtime/controller/status.js';
import { type Answer, failure, scriptedCluster } from '../../support/scripted.js';
import { Widget, type WidgetObject, widget } from '../../support/widget.js';

const missing = failure(404, 'NotFound', {
  message: 'widgets.test.example.com "a" not found',
  details: { name: 'a', group: 'test.example.com', kind: 'widgets' },
});

/** `patchStatus` of a Widget whose status cannot be patched. */
function patcher(live: Answer) {
  const cluster = scriptedCluster(({ method }) => (method === 'GET' ? live : missing));
  const client = createClient({ cluster });
  return statusPatcher<WidgetObject>({ client, written() {} }, Widget, widget('a', 1, { uid: 'u' }));
}

const edit = (draft: WidgetObject): void => {
  draft.status = { size: 1 };
};

test('a kind without the status subresource is told from an object that is gone', async () => {
  const patchStatus = patcher({ body: widget('a', 1, { uid: 'u' }) });
  await expect(patchStatus(edit)).rejects.toThrow('widgets.test.example.com/v1 has none');
});

test.each([
  ['gone', missing],
  ['another by now', { body: widget('a', 1, { uid: 'v' }) }],
])('an object that is %s is not found', async (_fact, live) => {
  await expect(patcher(live)(edit)).rejects.toMatchObject({ isNotFound: true });
});
