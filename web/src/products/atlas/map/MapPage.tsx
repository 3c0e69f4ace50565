import { ActionIcon, Button, Checkbox, Menu, Popover, SegmentedControl, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, type ReactNode, type RefObject } from 'react';
import { apiUrl, del, messageOf, put } from '~/api/client';
import { queryClient, topologyQuery } from '~/api/queries';
import { useKeys } from '~/app/keys';
import { deniedReason, useMe } from '~/app/session';
import { useView } from '~/app/view';
import type { GraphView, Pick } from '~/graph/view';
import { IconDownload, IconFilter, IconMaximize, IconMinus, IconPlus, IconRadar, IconTopology } from '~/kit/icons';
import { roleName } from '~/kit/RoleIcon';
import { SearchBox } from '~/kit/SearchBox';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { toast } from '~/kit/toast';
import { saveFile } from '~/lib/download';
import { percent, plural } from '~/lib/format';
import type { Cam } from '~/lib/urlstate';
import { filterTopology, findNodes, shapeOf, toFrame } from './frame';
import { GraphCanvas } from './GraphCanvas';
import { Legend } from './Legend';
import { LAYERS, mapView } from './mapView';
import { MapTable } from './MapTable';
import { kindName, LinkPanel, NodePanel } from './Panels';
import css from './map.module.css';

const ROLES = ['router', 'l3switch', 'switch', 'firewall', 'ap', 'host', 'phone', 'segment', 'unknown'];
const FORMATS = [['svg', 'SVG'], ['png', 'PNG'], ['pdf', 'PDF'], ['graphml', 'GraphML'], ['mermaid', 'Mermaid'], ['drawio', 'draw.io']] as const;

export function MapPage() {
  const me = useMe();
  const navigate = useNavigate();
  const [view, setView] = useView(mapView);
  const graph = useRef<GraphView | null>(null);
  const topology = useQuery(topologyQuery(view.layer));
  const data = topology.data;

  const roles = view.roles.join(',');
  const shown = useMemo(() => (data ? filterTopology(data, { roles: roles === '' ? [] : roles.split(','), showGone: view.gone }) : { nodes: [], links: [] }), [data, roles, view.gone]);
  const frame = useMemo(() => toFrame(shown), [shown]);
  const found = useMemo(() => findNodes(shown.nodes, view.q), [shown, view.q]);
  const node = data?.nodes.find((each) => each.id === view.sel);
  const link = data?.links.find((each) => each.id === view.sel);
  const pinDenied = deniedReason(me, 'atlas/topology:write') && deniedReason(me, 'atlas/positions:write');

  const select = useCallback((id: string) => setView({ sel: id }), [setView]);
  const savePins = useCallback((pins: { id: string; x: number; y: number }[]) => {
    put('/api/v1/atlas/positions', { pins })
      .then(() => queryClient.invalidateQueries({ queryKey: ['topology'] }))
      .catch((error: unknown) => toast(`The place was not kept: ${messageOf(error)}`, 'critical'));
  }, []);
  const unpin = useCallback((id: string) => {
    del(`/api/v1/atlas/positions/${encodeURIComponent(id)}`)
      .then(() => queryClient.invalidateQueries({ queryKey: ['topology'] }))
      .catch((error: unknown) => toast(messageOf(error), 'critical'));
  }, []);

  useKeys(
    useMemo(
      () => ({
        '1': () => setView({ layer: 'l1' }),
        '2': () => setView({ layer: 'l2' }),
        '3': () => setView({ layer: 'l3' }),
        v: () => setView({ view: view.view === 'graph' ? 'table' : 'graph' }),
      }),
      [setView, view.view],
    ),
  );

  const nodeName = useCallback((id: string) => data?.nodes.find((each) => each.id === id)?.name ?? 'unknown', [data]);
  const describe = useCallback(
    (id: string): string => {
      const selectedNode = data?.nodes.find((each) => each.id === id);
      if (selectedNode) return `${selectedNode.name}, ${roleName(shapeOf(selectedNode))}, ${selectedNode.state}, ${selectedNode.status}`;
      const selectedLink = data?.links.find((each) => each.id === id);
      if (!selectedLink) return '';
      return `${kindName(selectedLink.kind)} from ${nodeName(selectedLink.a.device)} ${selectedLink.a.interface ?? ''} to ${nodeName(selectedLink.b.device)} ${selectedLink.b.interface ?? ''}, ${selectedLink.state}, ${selectedLink.grade}${selectedLink.blocked ? ', blocked' : ''}`;
    },
    [data, nodeName],
  );
  const hint = useCallback(
    (hit: Pick) => {
      const hoveredNode = hit?.kind === 'node' ? data?.nodes.find((each) => each.id === hit.id) : undefined;
      if (hoveredNode) {
        return (
          <>
            <strong>{hoveredNode.name}</strong>
            <br />
            {roleName(shapeOf(hoveredNode))}, {hoveredNode.state} {hoveredNode.addresses[0] && <code>{hoveredNode.addresses[0]}</code>}
          </>
        );
      }
      const hoveredLink = data?.links.find((each) => each.id === hit?.id);
      if (!hoveredLink) return null;
      return (
        <>
          <strong>
            {nodeName(hoveredLink.a.device)} <code>{hoveredLink.a.interface}</code> ↔ {nodeName(hoveredLink.b.device)} <code>{hoveredLink.b.interface}</code>
          </strong>
          <br />
          {kindName(hoveredLink.kind)}, {hoveredLink.state}, {hoveredLink.grade} {percent(hoveredLink.confidence)}
          {hoveredLink.blocked && ', blocked'}
        </>
      );
    },
    [data, nodeName],
  );

  const snapshot = () => {
    graph.current?.snapshotPng().then(
      (blob) => saveFile(`map-${view.layer}.png`, 'image/png', blob),
      (error: unknown) => toast(messageOf(error), 'critical'),
    );
  };

  const actions = { onClose: () => select(''), onSelect: select, onFocus: (ids: string[]) => graph.current?.fit(ids) };
  const nothing = data !== undefined && data.nodes.length === 0;

  return (
    <div className={css.page}>
      <div className={css.bar}>
        <h1>Map</h1>
        <SegmentedControl aria-label="Layer" value={view.layer} onChange={(next) => setView({ layer: next as (typeof LAYERS)[number] })} data={LAYERS.map((layer) => ({ value: layer, label: layer.toUpperCase() }))} />
        <SearchBox value={view.q} label="Find name, address, vendor, site" onChange={(q) => setView({ q })} />
        {found && (
          <Button variant="subtle" onClick={() => graph.current?.fit(found)} disabled={found.length === 0}>
            {found.length === 0 ? 'Nothing found' : `Show ${plural(found.length, 'match', 'matches')}`}
          </Button>
        )}
        <FilterMenu roles={view.roles} gone={view.gone} onChange={setView} />
        <span className="grow" />
        {data && (
          <span className={css.count}>
            {plural(shown.nodes.length, 'node')}, {plural(shown.links.length, 'link')}
          </span>
        )}
        <SegmentedControl aria-label="Show as" value={view.view} onChange={(next) => setView({ view: next === 'table' ? 'table' : 'graph' })} data={[{ value: 'graph', label: 'Graph' }, { value: 'table', label: 'Table' }]} />
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconDownload size={15} />}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>The whole layer, drawn by the server</Menu.Label>
            {FORMATS.map(([format, word]) => (
              <Menu.Item key={format} component="a" href={apiUrl('/api/v1/atlas/topology/export', { layer: view.layer, format })} download={`map-${view.layer}.${format}`}>
                {word}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item disabled={view.view !== 'graph'} onClick={snapshot}>
              This view as PNG
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <div className={css.stage}>
        {view.view === 'graph' ? (
          <>
            <GraphCanvas
              frame={frame}
              selected={view.sel}
              highlighted={found}
              camera={view.cam}
              editable={pinDenied === undefined}
              onSelect={(hit) => select(hit?.id ?? '')}
              onOpen={(id) => data?.nodes.find((each) => each.id === id)?.kind === 'device' && void navigate({ to: '/devices/$id', params: { id } })}
              onPin={(id, x, y) => savePins([{ id, x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 }])}
              onCamera={(camera: Cam | null) => setView({ cam: camera })}
              onReady={(ready) => {
                graph.current = ready;
                // For the performance test and for support: what was drawn, and how long it took.
                (window as { portolanGraph?: GraphView }).portolanGraph = ready;
              }}
              hint={hint}
              describe={describe}
            />
            {!nothing && <Legend />}
            {!nothing && <ZoomControls graph={graph} />}
          </>
        ) : (
          <MapTable rows={view.rows} onRows={(rows) => setView({ rows })} nodes={found ? shown.nodes.filter((each) => found.includes(each.id)) : shown.nodes} links={shown.links} selected={view.sel} onSelect={select} />
        )}
        {topology.isPending && <div className={css.empty}><div style={{ width: 320 }}><Skeleton lines={4} /></div></div>}
        {topology.isError && <div className={css.empty}><ErrorState error={topology.error} onRetry={() => void topology.refetch()} /></div>}
        {data !== undefined && data.nodes.length > 0 && data.nodes.length < 3 && data.links.length === 0 && view.view === 'graph' && (
          <div className={css.start}>
            <span>Only this machine is known so far.</span>
            <Button leftSection={<IconRadar size={15} />} onClick={() => void navigate({ to: '/discovery', search: { new: '1' } as never })}>
              Start a discovery
            </Button>
          </div>
        )}
        {nothing && (
          <div className={css.empty}>
            <EmptyState icon={IconTopology} title={view.layer === 'l3' ? 'No layer 3 adjacency is known yet' : 'The map is empty'} actions={<Button leftSection={<IconRadar size={15} />} onClick={() => void navigate({ to: '/discovery', search: { new: '1' } as never })}>Start a discovery</Button>}>
              Name one router or switch and a credential; the map draws itself while devices answer.
            </EmptyState>
          </div>
        )}
      </div>
      {node && data && <NodePanel node={node} topology={data} actions={actions} pinDenied={pinDenied} onPin={() => savePins([{ id: node.id, x: node.x ?? 0, y: node.y ?? 0 }])} onUnpin={() => unpin(node.id)} />}
      {link && data && <LinkPanel link={link} topology={data} actions={actions} />}
    </div>
  );
}

function FilterMenu({ roles, gone, onChange }: { roles: string[]; gone: boolean; onChange: (patch: { roles?: string[]; gone?: boolean }) => void }) {
  const active = roles.length > 0 || !gone;
  return (
    <Popover position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button variant={active ? 'light' : 'default'} leftSection={<IconFilter size={15} />}>
          {active ? 'Filtered' : 'Filter'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filter the map">
        <div className="stack" style={{ gap: 6 }}>
          {ROLES.map((role) => {
            const on = roles.length === 0 || roles.includes(role);
            return (
              <Checkbox
                key={role}
                label={roleName(role)}
                checked={on}
                onChange={() => {
                  const base = roles.length === 0 ? ROLES : roles;
                  const next = on ? base.filter((each) => each !== role) : [...base, role];
                  onChange({ roles: next.length === ROLES.length ? [] : next });
                }}
              />
            );
          })}
          <Checkbox label="What is gone" checked={gone} onChange={(event) => onChange({ gone: event.currentTarget.checked })} />
          <Button variant="subtle" disabled={!active} onClick={() => onChange({ roles: [], gone: true })}>
            Show everything
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function ZoomControls({ graph }: { graph: RefObject<GraphView | null> }) {
  const button = (label: string, icon: ReactNode, act: () => void) => (
    <Tooltip label={label} position="left">
      <ActionIcon variant="subtle" color="gray" size={30} radius={0} aria-label={label} onClick={act}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div className={css.controls}>
      {button('Zoom in', <IconPlus size={16} />, () => graph.current?.zoomBy(1.4))}
      {button('Zoom out', <IconMinus size={16} />, () => graph.current?.zoomBy(1 / 1.4))}
      {button('Show everything', <IconMaximize size={16} />, () => graph.current?.fit())}
    </div>
  );
}
