import { describe, expect, it } from 'vitest';
import { endOfDay } from '~/products/atlas/drift/ChangeDialog';
import { bodyOf, ruleText } from '~/products/atlas/drift/RulesPage';
import { stateOf, ticketAddress, whatDrifted } from '~/products/atlas/drift/words';

describe('drift in words', () => {
  it.each([
    ['device', 'missing', '', 'Device missing'],
    ['interface', 'different', 'mtu', 'Interface MTU'],
    ['cable', 'different', 'swapped', 'Cables exchanged'],
    ['cable', 'misplaced', 'ends', 'Cable in another port'],
    ['address', 'misplaced', 'interface', 'Address on another interface'],
    ['device', 'misplaced', 'site', 'Device at another site'],
    ['address', 'conflict', 'owner', 'Address of several devices'],
    ['device', 'conflict', 'serial', 'Serial of several devices'],
    ['cable', 'stale', 'freshness', 'Cable stale'],
  ])('%s %s %s: %s', (kind, type, attr, words) => expect(whatDrifted({ kind, type, attr })).toBe(words));

  it('tells a late change', () => {
    const change = { assignee: null, due: null, reference: null, overdue: true };
    expect([stateOf({ state: 'change_requested', change }), stateOf({ state: 'change_requested', change: null }), stateOf({ state: 'open', change })]).toEqual(['overdue', 'change_requested', 'open']);
  });

  it.each([['https://t.example/1', 'https://t.example/1'], ['javascript:alert(1)', null], ['CHG-7', null], ['https://a b', null], [null, null]])('the ticket %s opens %s', (reference, address) => expect(ticketAddress(reference)).toBe(address));

  it('takes the whole of the day', () => {
    expect([endOfDay(''), endOfDay('nonsense'), new Date(endOfDay('2026-05-04') ?? '').getHours()]).toEqual([undefined, undefined, 23]);
  });

  it('says what a rule takes, and sends what the server asks for', () => {
    const rule = { id: '1', actor: 'user:1', updated_at: '', name: 'n', enabled: false, kinds: ['interface'], types: [], fields: ['mtu'], devices: [], sites: [], sources: ['snmp'], min_age_minutes: 60, max_per_hour: 50, allow_delete: false };
    expect(ruleText(rule)).toBe('interface; fields mtu; seen by snmp');
    expect(ruleText({ ...rule, kinds: [], fields: [], sources: [] })).toBe('everything');
    expect(Object.keys(bodyOf(rule))).not.toContain('id');
  });
});
