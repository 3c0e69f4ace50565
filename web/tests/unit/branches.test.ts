import { expect, test, vi } from 'vitest';
import { shown } from '~/platform/branches/BranchPage';

test('a request carries the branch when its answer depends on one', async () => {
  const id = '0198c0de-0000-7000-8000-000000000001';
  sessionStorage.setItem('portolan.branch', JSON.stringify({ id, name: 'plan' }));
  // Read when the page is loaded.
  vi.resetModules();
  const { branchOf, enteredBranch } = await import('~/api/branch');
  expect(enteredBranch()).toEqual({ id, name: 'plan' });
  expect(branchOf('/api/v1/inventory/sites')).toBe(id);
  expect(branchOf('/api/v1/platform/tags')).toBe(id);
  for (const path of ['/api/v1/me', '/api/v1/platform/branches', '/api/v1/platform/jobs', '/api/v1/auth/session']) expect(branchOf(path)).toBeUndefined();
});

test('values of a difference', () => {
  expect(shown(null)).toBe('–');
  expect(shown({ id: 'x', display: 'AMS 1' })).toBe('AMS 1');
  expect(shown([{ id: 'x', display: 'a' }, 2])).toBe('a, 2');
});
