import { describe, expect, it } from 'vitest';
import { groupHits, hitHint } from '~/lib/hits';

describe('hits', () => {
  it('are told apart by what they belong to and by the value that was found', () => {
    const matched = { how: 'exact', field: 'name', label: 'Name', text: 'eth0' } as const;
    expect(hitHint({ title: 'Interface', display: 'eth0', context: 'core1', matched })).toBe('core1');
    expect(hitHint({ title: 'Device', display: 'core1', context: 'access', matched: { ...matched, label: 'Serial number', text: 'X1' } })).toBe('access, Serial number: X1');
    expect(hitHint({ title: 'Site', display: 'eth0', context: null, matched })).toBe('Site');
  });

  it('are grouped in the order of their best', () => {
    const hits = ['Devices', 'Sites', 'Devices'].map((title_plural, id) => ({ title_plural, id }));
    expect(groupHits(hits).map(([title, group]) => [title, group.map((hit) => hit.id)])).toEqual([['Devices', [0, 2]], ['Sites', [1]]]);
  });
});
