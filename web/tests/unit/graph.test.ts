import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, fitBounds, panBy, toScreen, toWorld, zoomAt } from '~/graph/camera';
import { inDirection, lanes, median, placeMissing, segmentDistance } from '~/graph/geometry';
import { labelZooms, zoomLadder, type LabelBox } from '~/graph/labels';
import { mix, rgb } from '~/graph/palette';
import { buildScene, LINK, NODE, nodeScale } from '~/graph/scene';
import type { GraphLink, GraphNode } from '~/graph/view';

const size = { width: 1200, height: 800 };
const coordinate = fc.double({ noNaN: true, min: -1e4, max: 1e4 });
const camera = fc.record({ x: coordinate, y: coordinate, zoom: fc.double({ noNaN: true, min: 0.01, max: 50 }) });
const point = fc.record({ x: fc.integer({ min: 0, max: 1200 }), y: fc.integer({ min: 0, max: 800 }) });

describe('camera', () => {
  it('screen and world are inverse', () => {
    fc.assert(
      fc.property(camera, point, (view, at) => {
        const back = toScreen(view, size, toWorld(view, size, at));
        expect(back.x).toBeCloseTo(at.x, 4);
        expect(back.y).toBeCloseTo(at.y, 4);
      }),
    );
  });

  it('zooming keeps the point under the pointer, panning moves it with the pointer', () => {
    fc.assert(
      fc.property(camera, point, fc.double({ noNaN: true, min: 0.05, max: 20 }), (view, at, factor) => {
        const world = toWorld(view, size, at);
        const zoomed = toScreen(zoomAt(view, size, at, view.zoom * factor), size, world);
        expect(zoomed.x).toBeCloseTo(at.x, 3);
        expect(zoomed.y).toBeCloseTo(at.y, 3);
        const panned = toScreen(panBy(view, 30, -7), size, world);
        expect(panned.x).toBeCloseTo(at.x + 30, 3);
        expect(panned.y).toBeCloseTo(at.y - 7, 3);
      }),
    );
  });

  it('a fitted camera shows every point inside the margin', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 1, maxLength: 30 }), (points) => {
        const bounds = boundsOf(points);
        if (!bounds) throw new Error('no bounds');
        const view = fitBounds(bounds, size, 50, 4);
        for (const each of points) {
          const at = toScreen(view, size, each);
          expect(at.x).toBeGreaterThanOrEqual(49.9);
          expect(at.x).toBeLessThanOrEqual(1150.1);
          expect(at.y).toBeGreaterThanOrEqual(49.9);
          expect(at.y).toBeLessThanOrEqual(750.1);
        }
      }),
    );
    expect(boundsOf([])).toBeNull();
  });
});

describe('geometry', () => {
  it('measures the distance to a segment', () => {
    const a = { x: 0, y: 0 };
    const b = { x: 10, y: 0 };
    expect(segmentDistance({ x: 5, y: 3 }, a, b)).toBe(3);
    expect(segmentDistance({ x: -3, y: 4 }, a, b)).toBe(5);
    expect(segmentDistance({ x: 13, y: -4 }, a, b)).toBe(5);
    expect(segmentDistance({ x: 3, y: 4 }, a, a)).toBe(5);
  });

  it('gives links of one pair lanes that do not overlap, whichever way they are written', () => {
    const out = lanes([{ a: 'x', b: 'y' }, { a: 'y', b: 'x' }, { a: 'x', b: 'z' }, { a: 'x', b: 'y' }]);
    // Seen from x to y: the second is written the other way, so its sign turns.
    expect([out[0], -(out[1] ?? 0), out[3]]).toEqual([-1, 0, 1]);
    expect(out[2]).toBe(0);
  });

  it('finds the neighbour an arrow means', () => {
    const from = { x: 0, y: 0 };
    const around = [{ x: 10, y: 2 }, { x: 5, y: 0.5 }, { x: -8, y: 0 }, { x: 1, y: 9 }, { x: 0, y: -20 }];
    expect(inDirection(from, around, 'right')).toBe(1);
    expect(inDirection(from, around, 'left')).toBe(2);
    expect(inDirection(from, around, 'down')).toBe(3);
    expect(inDirection(from, around, 'up')).toBe(4);
    expect(inDirection(from, [from], 'up')).toBe(-1);
  });

  it('places nodes without coordinates apart from each other and leaves the others', () => {
    const placed = placeMissing([{ x: 1, y: 2 }, { x: null, y: null }, { x: null, y: 5 }], 80);
    expect(placed[0]).toMatchObject({ x: 1, y: 2 });
    const [, b, c] = placed;
    expect(Math.hypot((b?.x ?? 0) - (c?.x ?? 0), (b?.y ?? 0) - (c?.y ?? 0))).toBeGreaterThan(20);
    expect(median([], 7)).toBe(7);
    expect(median([9, 1, 5], 7)).toBe(5);
  });
});

describe('labels', () => {
  const label = fc.record({ x: fc.integer({ min: -2000, max: 2000 }), y: fc.integer({ min: -2000, max: 2000 }), width: fc.integer({ min: 20, max: 120 }), height: fc.constant(16), offset: fc.constant(12), weight: fc.integer({ min: 0, max: 9 }) });

  it('never overlap at any zoom of the ladder, and the heaviest always shows', () => {
    const ladder = zoomLadder(0.05, 8, 12);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 60 }), (labels: LabelBox[]) => {
        const least = labelZooms(labels, ladder);
        for (const zoom of ladder) {
          const shown = labels.filter((_, at) => (least[at] ?? Infinity) <= zoom * (1 + 1e-6));
          for (const [at, a] of shown.entries()) {
            for (const b of shown.slice(at + 1)) {
              const apart = Math.abs(a.x - b.x) * zoom >= (a.width + b.width) / 2 - 1e-3 || Math.abs((a.y - b.y) * zoom) >= 16 - 1e-3;
              expect(apart).toBe(true);
            }
          }
        }
        const heaviest = labels.reduce((best, each, at) => (each.weight > (labels[best]?.weight ?? 0) ? at : best), 0);
        expect(least[heaviest]).toBeCloseTo(ladder[0] ?? 0, 5);
      }),
      { numRuns: 40 },
    );
  });
});

const node = (id: string, x: number, y: number, more: Partial<GraphNode> = {}): GraphNode => ({ id, label: id, x, y, shape: 'switch', status: 'ok', presence: 'fresh', degree: 1, pinned: false, ...more });
const link = (id: string, a: string, b: string, more: Partial<GraphLink> = {}): GraphLink => ({ id, a, b, labelA: '', labelB: '', dash: 'solid', width: 2, lag: false, blocked: false, down: false, presence: 'fresh', contradicted: false, ...more });

describe('scene', () => {
  it('keeps what can be drawn and says how', () => {
    const scene = buildScene({
      nodes: [node('a', 0, 0, { pinned: true }), node('b', 110, 0, { presence: 'gone' })],
      links: [link('1', 'a', 'b', { lag: true, blocked: true }), link('2', 'a', 'nobody'), link('3', 'a', 'a'), link('4', 'b', 'a', { presence: 'stale', down: true, contradicted: true })],
    });
    expect(scene.links.map((each) => each.id)).toEqual(['1', '4']);
    expect(scene.nodeFlags[0]).toBe(NODE.pinned);
    expect(scene.nodeFlags[1]).toBe(NODE.gone);
    expect(scene.linkFlags[0]).toBe(LINK.lag | LINK.blocked);
    expect(scene.linkFlags[1]).toBe(LINK.stale | LINK.down | LINK.contradicted);
    expect(scene.referenceZoom).toBeCloseTo(1);
    expect(nodeScale(scene, 1)).toBeCloseTo(1);
    expect(nodeScale(scene, 1e-6)).toBeGreaterThan(0.2);
  });

  it('survives no nodes, one node and all in one place', () => {
    for (const nodes of [[], [node('a', 5, 5)], [node('a', 5, 5), node('b', 5, 5)]]) {
      const scene = buildScene({ nodes, links: nodes.length === 2 ? [link('1', 'a', 'b')] : [] });
      expect(Number.isFinite(scene.referenceZoom) && scene.referenceZoom > 0).toBe(true);
    }
  });
});

describe('palette', () => {
  it('reads what a minifier makes of colours', () => {
    expect(rgb('#fff')).toEqual([1, 1, 1]);
    expect(rgb('#FF0000')).toEqual([1, 0, 0]);
    expect(rgb('red')[0]).toBeCloseTo(0.5, 1);
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
  });
});
