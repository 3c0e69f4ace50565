import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cam, defineView, flag, formatQuery, list, oneOf, parseQuery, roundCam, sort, text } from '~/lib/urlstate';
import { mapView } from '~/products/atlas/map/mapView';
import { recordsView } from '~/platform/records/RecordList';
import { recordView } from '~/platform/records/RecordPage';
import { prefixesView } from '~/products/inventory/prefixes/PrefixesPage';
import { racksView } from '~/products/inventory/racks/RacksPage';

const finite = fc.double({ noNaN: true, min: -1e7, max: 1e7 });
const camera = fc.record({ x: finite, y: finite, zoom: fc.double({ noNaN: true, min: 1e-4, max: 1e4 }) }).map(roundCam);
const sortKey = fc.record({ key: fc.stringMatching(/^[a-z_]+$/), descending: fc.boolean() });
// Lone surrogates have no form in a URL.
const anyText = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed());

/** Through the query string, as the router does it. */
function throughUrl(raw: Record<string, string>) {
  return parseQuery(formatQuery(raw));
}

describe('view state in the URL', () => {
  it('map: parse(format(x)) = x', () => {
    fc.assert(
      fc.property(
        fc.record({
          layer: fc.constantFrom('l1' as const, 'l2' as const, 'l3' as const),
          q: anyText,
          roles: fc.array(anyText, { minLength: 0, maxLength: 4 }),
          gone: fc.boolean(),
          sel: anyText,
          view: fc.constantFrom('graph' as const, 'table' as const),
          rows: fc.constantFrom('nodes' as const, 'links' as const),
          cam: fc.option(camera, { nil: null }),
        }),
        (view) => {
          // A list of one empty text is the one value without a form of its own.
          fc.pre(!(view.roles.length === 1 && view.roles[0] === ''));
          expect(mapView.parse(throughUrl(mapView.format(view)))).toEqual(view);
        },
      ),
    );
  });

  it('records: parse(format(x)) = x, and foreign keys stay', () => {
    fc.assert(
      fc.property(fc.record({ q: anyText, sort: fc.option(sortKey, { nil: null }), cols: fc.array(fc.stringMatching(/^[a-z_]+$/)), rows: fc.constantFrom('50' as const, '100' as const, '500' as const), saved: anyText, sel: anyText, tab: fc.constantFrom('record' as const, 'history' as const) }), anyText, (view, foreign) => {
        const raw = throughUrl(recordsView.format(view, { kind__ne: foreign }));
        expect(recordsView.parse(raw)).toEqual(view);
        expect(raw.kind__ne).toBe(foreign);
      }),
    );
  });

  it('racks, prefixes, one record: parse(format(x)) = x', () => {
    const ids = fc.array(fc.uuid(), { maxLength: 5 });
    fc.assert(
      fc.property(fc.record({ site: anyText, racks: ids, face: fc.constantFrom('both' as const, 'front' as const, 'rear' as const), sel: anyText }), (view) => {
        expect(racksView.parse(throughUrl(racksView.format(view)))).toEqual(view);
      }),
    );
    fc.assert(
      fc.property(fc.record({ vrf: anyText, q: anyText, open: ids, sel: anyText }), (view) => {
        expect(prefixesView.parse(throughUrl(prefixesView.format(view)))).toEqual(view);
      }),
    );
    fc.assert(
      fc.property(fc.record({ tab: anyText, edit: fc.boolean() }), (view) => {
        expect(recordView.parse(throughUrl(recordView.format(view)))).toEqual(view);
      }),
    );
  });

  it('leaves defaults out and keeps what it writes readable', () => {
    const format = (patch: object) => formatQuery(mapView.format({ ...mapView.parse({}), ...patch }));
    expect(format({})).toBe('');
    expect(format({ layer: 'l2', cam: { x: 1.25, y: -0.04, zoom: 0.123456 } })).toBe('?layer=l2&cam=1.3,0,0.1235');
    expect(format({ q: '10.0.0.0/8 a:b' })).toBe('?q=10.0.0.0/8%20a:b');
  });

  it('falls back on nonsense', () => {
    const view = mapView.parse({ layer: 'l9', gone: 'perhaps', cam: '1,2', view: 'x' });
    expect(view).toMatchObject({ layer: 'l1', gone: true, cam: null, view: 'graph' });
    for (const bad of ['1,2,0', '1,2,-3', 'a,b,c', '1,2,3,4', 'Infinity,0,1']) expect(cam().parse(bad)).toBeNull();
    expect(sort().parse('-')).toBeNull();
  });

  it('upgrades older addresses', () => {
    const view = defineView({ q: text(), on: flag(), of: oneOf(['a', 'b'], 'a'), items: list() }, { 1: (raw) => ({ ...raw, q: raw.find ?? '' }) });
    expect(view.parse({ find: 'x' }).q).toBe('x');
    expect(view.parse({ v: '2', find: 'x' }).q).toBe('');
    expect(view.format(view.parse({ find: 'x' }))).toEqual({ v: '2', q: 'x' });
  });
});
