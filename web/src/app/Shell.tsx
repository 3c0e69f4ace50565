import { ActionIcon, Menu } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { enteredBranch } from '~/api/branch';
import { apiUrl, basePath, messageOf } from '~/api/client';
import { modelsQuery, queryClient } from '~/api/queries';
import { lastEventAt, openEvents, streamState } from '~/api/stream';
import { IconCheck, IconChevronDown, iconNamed, IconKeyboard, IconLogout, IconMenu, IconMoon, IconSearch, IconSidebarCollapse, IconSidebarExpand, IconUser } from '~/kit/icons';
import { Skeleton } from '~/kit/States';
import { Logo } from '~/kit/Logo';
import { StatusBadge } from '~/kit/Status';
import { useNow } from '~/kit/Text';
import { toast } from '~/kit/toast';
import { lower, relative } from '~/lib/format';
import { createStoredStore, useStore } from '~/lib/store';
import { THEMES, themeStore, type ThemeName } from '~/theme';
import { useKeys } from './keys';
import { buildNavigation, modelPath } from './navigation';
import type { Action } from './Palette';
import { chooseTenant, may, signOut, useMe } from './session';
import css from './shell.module.css';

// Not needed for the first picture: they come with the first key press.
const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })));
const BranchMenu = lazy(() => import('./BranchMenu').then((module) => ({ default: module.BranchMenu })));
const BranchBanner = lazy(() => import('./BranchMenu').then((module) => ({ default: module.BranchBanner })));
const KeyHelp = lazy(() => import('./KeyHelp').then((module) => ({ default: module.KeyHelp })));

const railStore = createStoredStore<boolean>('portolan.rail', false, (value): value is boolean => typeof value === 'boolean');

const THEME_WORDS: Record<ThemeName, string> = { system: 'As the system', light: 'Light', dark: 'Dark', hc: 'High contrast' };

/** Which cached answers an event makes old. */
function onServerEvent(type: string): void {
  const stale = (key: string) => void queryClient.invalidateQueries({ queryKey: [key] });
  // Events were missed: everything may be old.
  if (type === 'resync') void queryClient.invalidateQueries();
  if (type.startsWith('topology.') || type.startsWith('link.') || type.startsWith('device.')) {
    stale('topology');
    stale('device');
    stale('unplaced');
    void queryClient.invalidateQueries({ queryKey: ['list', '/api/v1/atlas/devices'] });
  }
  if (type.startsWith('drift.') || type.startsWith('topology.')) {
    stale('drift');
    void queryClient.invalidateQueries({ queryKey: ['list', '/api/v1/atlas/drift'] });
  }
  if (type.startsWith('job.') || type.startsWith('discovery.')) {
    stale('discoveries');
    void queryClient.invalidateQueries({ queryKey: ['list', '/api/v1/platform/jobs'] });
  }
}

/** Events arrive in bursts while a discovery runs; each kind refreshes at most once a second. */
function useServerEvents(): void {
  useEffect(() => {
    const waiting = new Map<string, ReturnType<typeof setTimeout>>();
    const close = openEvents(({ type }) => {
      if (waiting.has(type)) return;
      waiting.set(type, setTimeout(() => {
        waiting.delete(type);
        onServerEvent(type);
      }, 1000));
    });
    return () => {
      close();
      for (const timer of waiting.values()) clearTimeout(timer);
    };
  }, []);
}

export function Shell() {
  const me = useMe();
  const { data: models } = useSuspenseQuery(modelsQuery);
  const navigate = useNavigate();
  const router = useRouter();
  const location = useLocation();
  const collapsed = useStore(railStore);
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const mainRef = useRef<HTMLElement>(null);
  const groups = useMemo(() => buildNavigation(me, models), [me, models]);
  useServerEvents();

  const go = useCallback((url: string) => router.history.push(`${basePath.slice(0, -1)}${url}`), [router]);
  const to = useCallback((path: string) => void navigate({ to: path as never }), [navigate]);

  useKeys(
    useMemo(
      () => ({
        'mod+k': () => setPalette(true),
        'mod+b': () => railStore.set(!railStore.get()),
        '/': () => {
          const filter = document.querySelector<HTMLInputElement>('[data-page-filter]');
          if (filter) filter.focus();
          else setPalette(true);
        },
        '?': () => setHelp(true),
        'g h': () => to('/'),
        'g m': () => to('/map'),
        'g d': () => to('/devices'),
        'g s': () => to('/discovery'),
        'g u': () => to('/unplaced'),
        'g e': () => to('/racks'),
        'g i': () => to('/prefixes'),
      }),
      [to],
    ),
  );

  const leave = useCallback(() => {
    void signOut()
      .catch((error: unknown) => toast(messageOf(error), 'critical'))
      .finally(() => window.location.reload());
  }, []);

  const actions = useMemo<Action[]>(() => {
    const pages = groups.flatMap((group) => group.items.map((item) => ({ id: `page-${item.path}`, group: 'Pages', title: item.title, hint: group.title ?? undefined, icon: item.icon, run: () => to(item.path) })));
    const create = models
      .filter((model) => model.operations.includes('create') && may(me, `${model.permission}:write`))
      .map((model) => ({ id: `new-${model.name}`, group: 'Commands', title: `New ${lower(model.title)}`, icon: model.icon ?? 'list', run: () => void navigate({ to: modelPath(model) as never, search: { sel: 'new' } as never }) }));
    const themes = THEMES.map((theme) => ({ id: `theme-${theme}`, group: 'Commands', title: `Theme: ${THEME_WORDS[theme].toLowerCase()}`, icon: 'settings', run: () => themeStore.set(theme) }));
    return [
      ...pages,
      { id: 'discover', group: 'Commands', title: 'Start a discovery', icon: 'radar', run: () => void navigate({ to: '/discovery', search: { new: '1' } as never }) },
      ...create,
      ...themes,
      { id: 'keys', group: 'Commands', title: 'Keyboard shortcuts', icon: 'list', hint: '?', run: () => setHelp(true) },
      { id: 'password', group: 'Commands', title: 'Change my password', icon: 'key', run: () => to('/profile') },
      { id: 'docs', group: 'Commands', title: 'API documentation', icon: 'list', run: () => window.open(apiUrl('/api/docs'), '_blank', 'noopener') },
      { id: 'leave', group: 'Commands', title: 'Sign out', icon: 'user', run: leave },
    ];
  }, [groups, leave, me, models, navigate, to]);

  const current = (path: string) => (path === '/' ? location.pathname === '/' : location.pathname === path || location.pathname.startsWith(`${path}/`));

  return (
    <div className={css.shell} data-collapsed={collapsed ? '' : undefined} data-drawer={drawer ? '' : undefined}>
      <a
        className={css.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          mainRef.current?.focus();
        }}
      >
        Skip to content
      </a>
      <header className={css.head}>
        <ActionIcon className={css.burger} variant="subtle" color="gray" aria-label="Navigation" aria-expanded={drawer} onClick={() => setDrawer(!drawer)}>
          <IconMenu size={18} />
        </ActionIcon>
        <Link to="/" className={css.brand}>
          <Logo />
          <span>Portolan</span>
        </Link>
        <TenantMenu />
        {may(me, 'platform/branches:read') && (
          <Suspense fallback={null}>
            <BranchMenu />
          </Suspense>
        )}
        <button type="button" className={css.search} onClick={() => setPalette(true)}>
          <IconSearch size={15} aria-hidden="true" />
          <span>Search or run a command</span>
          <kbd>Ctrl K</kbd>
        </button>
        <ThemeMenu />
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={30} aria-label={`Account of ${me.user.name}`}>
              <IconUser size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>
              {me.user.display_name ?? me.user.name}
              <br />
              {me.user.email}
            </Menu.Label>
            <Menu.Item leftSection={<IconUser size={15} />} onClick={() => to('/profile')}>
              Profile and password
            </Menu.Item>
            <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={() => setHelp(true)}>
              Keyboard shortcuts
            </Menu.Item>
            <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave}>
              Sign out
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </header>
      <nav className={css.rail} aria-label="Main">
        {groups.map((group) => (
          <details key={group.title ?? 'top'} open={group.title === null || !group.folded || group.items.some((item) => current(item.path))}>
            <summary hidden={group.title === null}>
              <h2>{group.title}</h2>
            </summary>
            <ul>
              {group.items.map((item) => {
                const Icon = iconNamed(item.icon);
                return (
                  <li key={item.path}>
                    <Link to={item.path as never} className={css.item} title={collapsed ? item.title : undefined} aria-current={current(item.path) ? 'page' : undefined} onClick={() => setDrawer(false)}>
                      <Icon size={18} stroke={1.6} aria-hidden="true" />
                      <span>{item.title}</span>
                    </Link>
                  </li>
                );
              })}
            </ul>
          </details>
        ))}
        <button type="button" className={`${css.item} ${css.fold}`} aria-pressed={collapsed} onClick={() => railStore.set(!collapsed)}>
          {collapsed ? <IconSidebarExpand size={18} stroke={1.6} aria-hidden="true" /> : <IconSidebarCollapse size={18} stroke={1.6} aria-hidden="true" />}
          <span>Fold navigation</span>
        </button>
      </nav>
      <main id="main" className={css.main} ref={mainRef} tabIndex={-1}>
        <OfflineBanner />
        {enteredBranch() !== null && (
          <Suspense fallback={null}>
            <BranchBanner />
          </Suspense>
        )}
        <Suspense fallback={<div className="page"><Skeleton /></div>}>
          <Outlet />
        </Suspense>
      </main>
      <StatusBar />
      <RouteAnnouncer />
      <Suspense fallback={null}>
        {palette && <Palette opened onClose={() => setPalette(false)} actions={actions} go={go} />}
        {help && <KeyHelp opened onClose={() => setHelp(false)} />}
      </Suspense>
    </div>
  );
}

function TenantMenu() {
  const me = useMe();
  const choose = (id: string) => {
    void chooseTenant(id).then(
      () => window.location.reload(),
      (error: unknown) => toast(messageOf(error), 'critical'),
    );
  };
  const single = me.tenants.length < 2;
  const tenantName = me.tenant?.name ?? 'No tenant';
  return (
    <Menu disabled={single} width={240}>
      <Menu.Target>
        <button type="button" className={css.tenant} disabled={single} aria-label={`Tenant ${tenantName}`}>
          {tenantName}
          {!single && <IconChevronDown size={12} aria-hidden="true" />}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Tenant</Menu.Label>
        {me.tenants.map((tenant) => (
          <Menu.Item key={tenant.id} rightSection={tenant.id === me.tenant?.id ? <IconCheck size={14} aria-label="current" /> : undefined} onClick={() => choose(tenant.id)}>
            {tenant.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ThemeMenu() {
  const theme = useStore(themeStore);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={30} aria-label="Theme">
          <IconMoon size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {THEMES.map((name) => (
          <Menu.Item key={name} rightSection={name === theme ? <IconCheck size={14} aria-label="current" /> : undefined} onClick={() => themeStore.set(name)}>
            {THEME_WORDS[name]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const STREAM_WORDS = { live: ['ok', 'Live'], connecting: ['info', 'Connecting'], polling: ['warning', 'Polling'] } as const;

function StatusBar() {
  const me = useMe();
  const state = useStore(streamState);
  const last = useStore(lastEventAt);
  const now = useNow();
  const [tone, word] = STREAM_WORDS[state];
  return (
    <footer className={css.foot}>
      <StatusBadge tone={tone}>{word}</StatusBadge>
      {last !== null && <span>last change {relative(new Date(last).toISOString(), Math.max(now, last))}</span>}
      <span>{me.tenant?.name}</span>
      <span>Portolan {me.version}</span>
      <span>{new Date(now).toISOString().slice(11, 16)} UTC</span>
    </footer>
  );
}

function OfflineBanner() {
  const offline = useQuery({ queryKey: ['me'], enabled: false }).error;
  const lost = offline && 'status' in offline && offline.status === 0;
  if (!lost) return null;
  return (
    <div className={css.offline} role="status">
      <StatusBadge tone="warning">The server does not answer. What you see may be old; this page goes on by itself when it is back.</StatusBadge>
    </div>
  );
}

/** Says the new page's name and moves the focus there, as a full page load would. */
function RouteAnnouncer() {
  // The resolved place: while the next page loads, the old heading is still there.
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? state.location.pathname });
  const [said, setSaid] = useState('');
  // The page one arrives at is not announced: the browser does that.
  const before = useRef(useLocation({ select: (location) => location.pathname }));
  useEffect(() => {
    const announce = () => {
      const heading = document.querySelector('main h1')?.textContent ?? 'Portolan';
      document.title = heading === 'Portolan' ? heading : `${heading} - Portolan`;
      if (before.current !== path) {
        before.current = path;
        setSaid(heading);
        if (document.activeElement === document.body || document.activeElement?.closest('nav')) document.getElementById('main')?.focus();
      }
    };
    // Once when the page is there, and again when a heading that waits for data has it.
    const timers = [60, 700].map((ms) => setTimeout(announce, ms));
    return () => timers.forEach(clearTimeout);
  }, [path]);
  return (
    <div className="visually-hidden" aria-live="assertive" role="alert">
      {said}
    </div>
  );
}
