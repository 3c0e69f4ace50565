/** What the rail and the palette list: the server's entries, then models by group. */
import type { Me, Model, NavEntry } from '~/api/types';
import { covers } from '~/lib/permissions';

export interface NavItem {
  path: string;
  title: string;
  icon: string;
  description?: string;
}

export interface NavGroup {
  title: string | null;
  items: NavItem[];
  /** Closed until one is inside: the many kinds of records of a product. */
  folded?: boolean;
}

const BUILT_IN: (NavEntry & { icon: string })[] = [
  { path: '/', title: 'Home', icon: 'home', order: 0 },
  { path: '/dashboards', title: 'Dashboards', icon: 'layout-dashboard', permission: 'platform/dashboards:read', order: 5 },
  { path: '/map', title: 'Map', icon: 'topology-star-3', permission: 'atlas/topology:read', order: 10 },
  { path: '/devices', title: 'Devices', icon: 'router', permission: 'atlas/devices:read', order: 20 },
  { path: '/drift', title: 'Drift', icon: 'git-compare', permission: 'atlas/drift:read', order: 25 },
  { path: '/discovery', title: 'Discovery', icon: 'radar', permission: 'monitoring/discoveries:read', order: 30 },
  { path: '/unplaced', title: 'Unplaced', icon: 'map-pin-question', permission: 'atlas/unplaced:read', order: 40 },
  { path: '/racks', title: 'Elevations', icon: 'server-2', permission: 'inventory/racks:read', order: 50 },
  { path: '/prefixes', title: 'Prefix tree', icon: 'list-numbers', permission: 'inventory/prefixes:read', order: 60 },
];

/** Groups of the inventory, by what one thinks of first. */
const RECORD_GROUPS = ['Sites', 'Racks', 'Devices', 'Components', 'Cables', 'Power and cooling', 'Addresses', 'VLANs', 'Circuits', 'Virtualisation', 'VPN', 'Wireless', 'Organisation', 'Contacts'];

/** Groups in the order they are shown; a group the server invents comes before Settings. */
const GROUP_ORDER = ['Discovery', 'Operations', ...RECORD_GROUPS, 'Access', 'System', 'Settings'];

/** Address of a model's page. */
export function modelPath(model: Model): string {
  return model.ui_path ?? `/records/${model.name}`;
}

export function buildNavigation(me: Me, models: Model[]): NavGroup[] {
  const known = new Map<string, NavItem & { order: number }>();
  for (const entry of [...BUILT_IN.filter((item) => item.path === '/' || me.navigation.length === 0), ...me.navigation]) {
    const builtIn = BUILT_IN.find((item) => item.path === entry.path);
    if (covers(me.permissions, entry.permission)) {
      known.set(entry.path, { path: entry.path, title: entry.title, icon: entry.icon ?? builtIn?.icon ?? 'list', order: entry.order ?? builtIn?.order ?? 100 });
    }
  }
  // Pages of this front end whose server side is there although it did not announce them.
  for (const entry of BUILT_IN) {
    if (!known.has(entry.path) && entry.permission && covers(me.permissions, entry.permission)) known.set(entry.path, { ...entry, order: entry.order ?? 100 });
  }
  const groups: NavGroup[] = [{ title: null, items: [...known.values()].sort((a, b) => a.order - b.order) }];
  const byGroup = new Map<string, NavItem[]>();
  for (const model of models) {
    const path = modelPath(model);
    if (model.nav_group === null || known.has(path) || !model.operations.includes('list') || !covers(me.permissions, `${model.permission}:read`)) continue;
    const title = model.nav_group ?? 'Settings';
    const items = byGroup.get(title) ?? [];
    items.push({ path, title: model.title_plural, icon: model.icon ?? 'list', description: model.description ?? undefined });
    byGroup.set(title, items);
  }
  const rank = (title: string) => {
    const at = GROUP_ORDER.indexOf(title);
    return at < 0 ? GROUP_ORDER.length - 1.5 : at;
  };
  for (const [title, items] of [...byGroup].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))) groups.push({ title, items, folded: RECORD_GROUPS.includes(title) });
  return groups;
}
