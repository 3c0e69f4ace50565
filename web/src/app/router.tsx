import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { basePath, ApiError } from '~/api/client';
import { modelsQuery, queryClient } from '~/api/queries';
import { ErrorState } from '~/kit/States';
import { formatQuery, parseQuery } from '~/lib/urlstate';
import { HomePage } from '~/platform/home/HomePage';
import { NotFound } from './NotFound';
import { loadMe } from './session';
import { Shell } from './Shell';

/** Parameters pass as they are: each page has its own typed view over them (lib/urlstate). */
const validateSearch = (search: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== null).map(([key, value]) => [key, String(value)]));

function PageError({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <div className="page">
      <h1>This page could not be shown</h1>
      <ErrorState error={error} onRetry={reset} />
    </div>
  );
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageError, validateSearch });

const login = createRoute({ getParentRoute: () => root, path: '/login', component: lazyRouteComponent(() => import('~/platform/login/LoginPage'), 'LoginPage') });

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const next: Record<string, string> = location.pathname === '/' && location.searchStr === '' ? {} : { next: location.href };
    try {
      const me = await loadMe();
      if (me.must_change_password) throw redirect({ to: '/login', search: { ...next, change: '1' } });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) throw redirect({ to: '/login', search: next });
      if (error instanceof ApiError && error.problem.code === 'password-change-required') throw redirect({ to: '/login', search: { ...next, change: '1' } });
      throw error;
    }
  },
  loader: () => queryClient.ensureQueryData(modelsQuery),
});

const page = <const Path extends string>(path: Path, component: Parameters<typeof createRoute>[0]['component']) =>
  createRoute({ getParentRoute: () => shell, path, component, errorComponent: PageError });

const routeTree = root.addChildren([
  login,
  shell.addChildren([
    page('/', HomePage),
    page('/map', lazyRouteComponent(() => import('~/products/atlas/map/MapPage'), 'MapPage')),
    page('/devices', lazyRouteComponent(() => import('~/products/atlas/devices/DevicesPage'), 'DevicesPage')),
    page('/devices/$id', lazyRouteComponent(() => import('~/products/atlas/device/DevicePage'), 'DevicePage')),
    page('/drift', lazyRouteComponent(() => import('~/products/atlas/drift/DriftPage'), 'DriftPage')),
    page('/drift/rules', lazyRouteComponent(() => import('~/products/atlas/drift/RulesPage'), 'RulesPage')),
    page('/drift/import', lazyRouteComponent(() => import('~/products/atlas/drift/ImportPage'), 'ImportPage')),
    page('/unplaced', lazyRouteComponent(() => import('~/products/atlas/unplaced/UnplacedPage'), 'UnplacedPage')),
    page('/discovery', lazyRouteComponent(() => import('~/products/monitoring/discovery/DiscoveryPage'), 'DiscoveryPage')),
    page('/discovery/$id', lazyRouteComponent(() => import('~/products/monitoring/discovery/RunPage'), 'RunPage')),
    page('/racks', lazyRouteComponent(() => import('~/products/inventory/racks/RacksPage'), 'RacksPage')),
    page('/prefixes', lazyRouteComponent(() => import('~/products/inventory/prefixes/PrefixesPage'), 'PrefixesPage')),
    page('/device-types/import', lazyRouteComponent(() => import('~/products/inventory/types/YamlPage'), 'YamlPage')),
    page('/device-types/$id', lazyRouteComponent(() => import('~/products/inventory/types/TypePage'), 'TypePage')),
    page('/trace/$collection/$id', lazyRouteComponent(() => import('~/products/inventory/trace/TracePage'), 'TracePage')),
    page('/platform/branches/$id', lazyRouteComponent(() => import('~/platform/branches/BranchPage'), 'BranchPage')),
    page('/search', lazyRouteComponent(() => import('~/platform/search/SearchPage'), 'SearchPage')),
    page('/dashboards', lazyRouteComponent(() => import('~/platform/dashboards/DashboardsPage'), 'DashboardsPage')),
    page('/dashboards/$id', lazyRouteComponent(() => import('~/platform/dashboards/DashboardPage'), 'DashboardPage')),
    page('/profile', lazyRouteComponent(() => import('~/platform/profile/ProfilePage'), 'ProfilePage')),
    page('/$', lazyRouteComponent(() => import('~/platform/records/RecordsPage'), 'RecordsPage')),
  ]),
]);

export const router = createRouter({
  routeTree,
  basepath: basePath,
  parseSearch: parseQuery,
  stringifySearch: formatQuery,
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
