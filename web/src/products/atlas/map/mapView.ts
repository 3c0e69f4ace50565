import { cam, defineView, flag, list, oneOf, text } from '~/lib/urlstate';

export const LAYERS = ['l1', 'l2', 'l3'] as const;

/** Everything the map shows, in the URL. */
export const mapView = defineView({
  layer: oneOf(LAYERS, 'l1'),
  q: text(),
  roles: list(),
  gone: flag(true),
  sel: text(),
  view: oneOf(['graph', 'table'], 'graph'),
  rows: oneOf(['nodes', 'links'], 'nodes'),
  cam: cam(),
});
