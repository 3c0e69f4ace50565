import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { deviceQuery } from '~/api/queries';
import type { Device } from '~/api/types';
import { useView } from '~/app/view';
import { IconTopology } from '~/kit/icons';
import { RoleIcon, roleName } from '~/kit/RoleIcon';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { StateBadge } from '~/kit/Status';
import { TablesReport } from '~/kit/TablesReport';
import { CopyButton, RelTime } from '~/kit/Text';
import { defineView, oneOf, text } from '~/lib/urlstate';
import { AutoTable } from './AutoTable';
import { HistoryTab } from './HistoryTab';
import { IdentityTab } from './IdentityTab';
import { InterfacesTab } from './InterfacesTab';
import { OverviewTab } from './OverviewTab';

const TABS = ['overview', 'interfaces', 'neighbours', 'addresses', 'arp', 'routing', 'hardware', 'identity', 'tables', 'history'] as const;
type TabName = (typeof TABS)[number];
const view = defineView({ tab: oneOf(TABS, 'overview'), q: text() });

export function DevicePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const device = useQuery(deviceQuery(id));
  if (device.isPending) return <div className="page"><h1>Device</h1><Skeleton lines={8} /></div>;
  if (device.isError) return <div className="page"><h1>Device</h1><ErrorState error={device.error} onRetry={() => void device.refetch()} /></div>;
  return <DeviceView device={device.data} />;
}

function DeviceView({ device }: { device: Device }) {
  const navigate = useNavigate();
  const [{ tab, q }, setView] = useView(view);
  const routes = Object.values(device.routing ?? {}).reduce((sum, rows) => sum + rows.length, 0);
  const incomplete = device.tables.filter((table) => !table.complete).length;
  const numbers: Partial<Record<TabName, number>> = {
    interfaces: device.interfaces.length, neighbours: device.neighbours.length, addresses: device.addresses.length, arp: device.arp.length, routing: routes, hardware: device.components.length, tables: incomplete,
  };
  const words: Record<TabName, string> = {
    overview: 'Overview', interfaces: 'Interfaces', neighbours: 'Neighbours', addresses: 'Addresses', arp: 'ARP', routing: 'Routing', hardware: 'Hardware', identity: 'Identity', tables: incomplete > 0 ? 'Incomplete tables' : 'Tables', history: 'History',
  };
  const address = device.addresses[0]?.address;
  return (
    <div className="page">
      <nav className="crumb" aria-label="Breadcrumb">
        <Link to="/devices">Devices</Link>
      </nav>
      <div className="page-head">
        <RoleIcon role={device.role} size={24} />
        <h1>{device.name}</h1>
        <StateBadge state={device.state} />
        <p className="row" style={{ gap: 4 }}>
          {roleName(device.role)}
          {address && (
            <>
              , <code>{address}</code>
              <CopyButton value={address} label="Copy address" />
            </>
          )}
        </p>
        <span className="row" style={{ marginLeft: 'auto' }}>
          {device.last_seen.map((seen) => (
            <span key={seen.source} className="muted">
              {seen.source} <RelTime at={seen.at} />
            </span>
          ))}
          <Button variant="default" leftSection={<IconTopology size={15} />} onClick={() => void navigate({ to: '/map', search: { sel: device.id } as never })}>
            Show on map
          </Button>
        </span>
      </div>
      <Tabs value={tab} keepMounted={false} onChange={(next) => setView({ tab: (next ?? 'overview') as TabName, q: '' })}>
        <Tabs.List mb={14} aria-label="About this device">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {words[name]}
              {numbers[name] ? <span className="muted"> {numbers[name]}</span> : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview"><OverviewTab device={device} onInterfaces={() => setView({ tab: 'interfaces' })} /></Tabs.Panel>
        <Tabs.Panel value="interfaces"><InterfacesTab interfaces={device.interfaces} q={q} onSearch={(next) => setView({ q: next })} /></Tabs.Panel>
        <Tabs.Panel value="neighbours"><Neighbours device={device} /></Tabs.Panel>
        <Tabs.Panel value="addresses"><AutoTable label="Addresses" rows={device.addresses} empty="The device told no address table." /></Tabs.Panel>
        <Tabs.Panel value="arp"><AutoTable label="ARP and neighbour discovery" rows={device.arp} empty="The device told no ARP or ND entry." /></Tabs.Panel>
        <Tabs.Panel value="routing"><Routing device={device} /></Tabs.Panel>
        <Tabs.Panel value="hardware"><AutoTable label="Hardware" rows={device.components} empty="The device has no ENTITY-MIB, or told nothing there." /></Tabs.Panel>
        <Tabs.Panel value="identity"><IdentityTab device={device} /></Tabs.Panel>
        <Tabs.Panel value="tables">{device.tables.length === 0 ? <EmptyState title="No table was read">This device is known from its neighbours only.</EmptyState> : <div className="panel"><TablesReport tables={device.tables} /></div>}</Tabs.Panel>
        <Tabs.Panel value="history"><HistoryTab id={device.id} /></Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Neighbours({ device }: { device: Device }) {
  if (device.neighbours.length === 0) {
    return <EmptyState title="No neighbour is known">The device named none by LLDP, CDP, ARP or a routing protocol, or none of those it named could be placed. <Link to="/unplaced" search={{ q: device.name } as never}>See what could not be placed</Link>.</EmptyState>;
  }
  return (
    <div className="panel scroll-x">
      <table className="tabular">
        <thead>
          <tr>
            <th scope="col">Interface here</th>
            <th scope="col">Neighbour</th>
            <th scope="col">Its interface</th>
            <th scope="col">Layer</th>
            <th scope="col">Evidence</th>
          </tr>
        </thead>
        <tbody>
          {device.neighbours.map((each, at) => (
            <tr key={`${each.link_id}-${at}`}>
              <td><code>{each.local_interface ?? '-'}</code></td>
              <td>{each.device_id ? <Link to="/devices/$id" params={{ id: each.device_id }}>{each.name ?? 'device'}</Link> : (each.name ?? '-')}</td>
              <td><code>{each.interface ?? '-'}</code></td>
              <td>{each.layer?.toUpperCase() ?? '-'}</td>
              <td>{each.link_id ? <Link to="/map" search={{ sel: each.link_id, layer: each.layer ?? 'l1' } as never}>on the map</Link> : '-'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Routing({ device }: { device: Device }) {
  const parts = Object.entries(device.routing ?? {});
  if (parts.every(([, rows]) => rows.length === 0) && device.vlans.length === 0) return <EmptyState title="No routing information">The device told no OSPF, BGP or route table.</EmptyState>;
  return (
    <div className="stack">
      {parts.filter(([, rows]) => rows.length > 0).map(([protocol, rows]) => (
        <section key={protocol} className="stack" style={{ gap: 6 }}>
          <h2>{protocol.length <= 4 ? protocol.toUpperCase() : protocol.charAt(0).toUpperCase() + protocol.slice(1)}</h2>
          <AutoTable label={protocol} rows={rows} empty="" />
        </section>
      ))}
      {device.vlans.length > 0 && (
        <section className="stack" style={{ gap: 6 }}>
          <h2>VLANs</h2>
          <AutoTable label="VLANs" rows={device.vlans} empty="" />
        </section>
      )}
    </div>
  );
}
