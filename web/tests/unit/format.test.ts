import { describe, expect, it } from 'vitest';
import { bitrate, bytes, count, duration, humanise, lower, percent, plain, plural, relative } from '~/lib/format';
import { toCsv } from '~/lib/csv';
import { rankMatches } from '~/lib/match';
import { covers } from '~/lib/permissions';

describe('numbers and times for people', () => {
  it.each([
    [bitrate(0), '0 bit/s'], [bitrate(10e9), '10 Gbit/s'], [bitrate(1_536_000), '1.54 Mbit/s'], [bitrate(null), '-'], [bitrate(999), '999 bit/s'],
    [bytes(1536), '1.50 KiB'], [bytes(1024 ** 4), '1 TiB'],
    [count(1234567), '1\u202f234\u202f567'], [plural(1, 'device'), '1 device'], [plural(2, 'match', 'matches'), '2 matches'],
    [duration(340), '340 ms'], [duration(2400), '2.4 s'], [duration(59_999), '1 min'], [duration(185_000), '3 min 5 s'], [duration(7_440_000), '2 h 4 min'], [duration(273_600_000), '3 d 4 h'], [duration(-1), '-'],
    [percent(0.999), '99 %'], [percent(1), '100 %'], [percent(0.29), '29 %'],
    [humanise('sys_up_time'), 'Sys up time'], [humanise('sysDescr'), 'Sys descr'],
    [lower('API token'), 'API token'], [lower('Role binding'), 'role binding'], [plain(null), '-'], [plain(false), 'no'], [plain([1, null]), '1, -'], [plain({ id: 'x', display: 'Core' }), 'Core'], [plain({ a: 1 }), '{"a":1}'],
  ])('%s', (got, wanted) => expect(got).toBe(wanted));

  it('says how long ago', () => {
    const now = Date.parse('2026-11-25T12:00:00Z');
    const at = (seconds: number) => relative(new Date(now - seconds * 1000).toISOString(), now);
    expect([at(0), at(12), at(125), at(7300), at(200_000), at(-300)]).toEqual(['just now', '12 s ago', '2 min ago', '2 h ago', '2 d ago', 'in 5 min']);
    expect(relative('nonsense', now)).toBe('-');
  });
});

describe('CSV', () => {
  it('quotes, and defuses formulas', () => {
    expect(toCsv(['a', 'b'], [['x,"y"', null], ['=1+1', -5], ['@x', '-']])).toBe(`a,b\r\n"x,""y""",\r\n'=1+1,-5\r\n'@x,'-\r\n`);
  });
});

describe('ranking', () => {
  it('start before word before middle before scattered letters', () => {
    expect(rankMatches(['xmap', 'My map', 'Map', 'mxaxp', 'none'], 'map', (each) => each)).toEqual(['Map', 'My map', 'xmap', 'mxaxp']);
  });
});

describe('permissions', () => {
  it.each([
    [['atlas/devices:read'], 'atlas/devices:read', true],
    [['atlas/devices:read'], 'atlas/devices:write', false],
    [['atlas/*:read'], 'atlas/devices:read', true],
    [['atlas/*:read'], 'monitoring/scopes:read', false],
    [['atlas/devices:admin'], 'atlas/devices:delete', true],
    [['*:*'], 'anything/at-all:execute', true],
    [['*'], 'anything/at-all:execute', true],
    [[], 'atlas/devices:read', false],
    [[], null, true],
  ])('%j covers %s: %s', (held, wanted, answer) => expect(covers(held, wanted)).toBe(answer));
});
