import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Model } from '~/api/types';
import { barsOf } from '~/platform/dashboards/chart';
import { added, arranged, COLUMNS, HIGHEST, nudged, parseLayout, resized, settle, titleOf, type Widget } from '~/platform/dashboards/layout';
import { layoutBody } from '~/platform/dashboards/queries';

const widget = (id: string, x: number, y: number, w: number, h: number): Widget => ({ id, kind: 'note', title: '', config: {}, x, y, w, h });
const told = (widgets: readonly Widget[]) => widgets.map(({ id, x, y, w, h }) => `${id} ${x},${y} ${w}x${h}`);

const anyWidgets = fc.array(fc.record({ x: fc.nat(11), y: fc.nat(20), w: fc.integer({ min: 1, max: 12 }), h: fc.integer({ min: 1, max: 8 }) }), { maxLength: 12 }).map((places) => places.map(({ x, y, w, h }, at) => widget(`w${at}`, Math.min(x, COLUMNS - w), y, w, h)));
const apart = (widgets: readonly Widget[]) => widgets.every((a, at) => widgets.slice(at + 1).every((b) => a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y));
const inside = (widgets: readonly Widget[]) => widgets.every(({ x, y, w, h }) => x >= 0 && y >= 0 && w >= 1 && h >= 1 && h <= HIGHEST && x + w <= COLUMNS);

describe('the grid', () => {
  it('never lets widgets overlap or leave it, whatever is done; settled stays settled', () => {
    const step = fc.record({ at: fc.nat(11), how: fc.constantFrom('nudge' as const, 'size' as const, 'put' as const), by: fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })) });
    fc.assert(
      fc.property(anyWidgets, fc.array(step, { maxLength: 8 }), (start, steps) => {
        let now = settle(start);
        for (const { at, how, by } of steps) {
          const id = `w${at}`;
          now = how === 'nudge' ? nudged(now, id, by) : how === 'size' ? resized(now, id, by) : arranged(now, id, { x: by[0] * 4, y: by[1] * 4 });
        }
        expect(now).toHaveLength(start.length);
        expect(apart(now)).toBe(true);
        expect(inside(now)).toBe(true);
        expect(settle(now)).toEqual(now);
      }),
    );
  });

  it('by keyboard a widget changes places with its neighbour, however high that is', () => {
    const two = [widget('a', 0, 0, 4, 3), widget('b', 0, 3, 4, 5)];
    const down = nudged(two, 'a', [0, 1]);
    expect(told(down)).toEqual(['a 0,5 4x3', 'b 0,0 4x5']);
    expect(told(nudged(down, 'a', [0, -1]))).toEqual(told(two));
    expect(told(nudged(two, 'a', [-1, 0]))).toEqual(told(two));
    expect(told(nudged(two, 'a', [1, 0]))).toEqual(['a 1,0 4x3', 'b 0,3 4x5']);
    expect(told(nudged(two, 'a', [0, -1]))).toEqual(told(two));
    expect(told(resized([widget('a', 8, 0, 4, 1)], 'a', [1, 1]))).toEqual(['a 8,0 4x2']);
  });

  it('makes room where something is put, and closes the gap it leaves', () => {
    const three = [widget('a', 0, 0, 6, 2), widget('b', 6, 0, 6, 2), widget('c', 0, 2, 12, 2)];
    expect(told(arranged(three, 'c', { y: 0 }))).toEqual(['a 0,2 6x2', 'b 6,2 6x2', 'c 0,0 12x2']);
    expect(told(settle(three.slice(1)))).toEqual(['b 6,0 6x2', 'c 0,2 12x2']);
    expect(told(added(three, 'drift', {}, '', 'd')).at(-1)).toBe('d 0,4 4x3');
  });

  it('reads what is stored, and leaves out what it cannot draw', () => {
    expect(parseLayout(null)).toEqual([]);
    expect(parseLayout({ widgets: 'x' })).toEqual([]);
    const read = parseLayout({ widgets: [{ id: 'a', kind: 'note', x: 11, y: -1, w: 4, h: 99, config: [] }, { id: 'b', kind: 'iframe' }, 7, { kind: 'map' }] });
    expect(told(read)).toEqual(['a 8,0 4x40', 'w3 0,0 4x5']);
    expect(parseLayout(layoutBody(read))).toEqual(read);
  });
});

describe('what a widget says', () => {
  it('is called by what it shows', () => {
    const model = { name: 'inventory.prefix', title_plural: 'Prefixes', fields: [{ name: 'status', label: 'Status', type: 'choice' }] } as unknown as Model;
    const config = { model: 'inventory.prefix', field: 'status' };
    expect([titleOf({ kind: 'chart', title: '', config }, [model]), titleOf({ kind: 'records', title: '', config }, [model]), titleOf({ kind: 'records', title: 'Mine', config }, [model]), titleOf({ kind: 'chart', title: '', config: {} }, [model])]).toEqual(['Prefixes by status', 'Prefixes', 'Mine', 'Chart']);
  });

  it('a chart tells the largest, and all others together', () => {
    const bars = Array.from({ length: 15 }, (_, at) => ({ value: `v${at}`, label: `L${at}`, count: at }));
    const shown = barsOf(bars, 110);
    expect(shown).toHaveLength(13);
    expect(shown[0]).toEqual({ value: 'v14', label: 'L14', count: 14 });
    expect(shown.at(-1)).toEqual({ value: '', label: 'others, or none', count: 110 - shown.slice(0, 12).reduce((sum, bar) => sum + bar.count, 0) });
    expect(barsOf([{ value: 'a', label: 'A', count: 0 }], 0)).toEqual([]);
  });
});
