import { ActionIcon, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Topology, TopologyLink, TopologyNode } from '~/api/types';
import { IconArrowRight, IconMaximize, IconPin, IconPinOff, IconX } from '~/kit/icons';
import { RoleIcon, roleName } from '~/kit/RoleIcon';
import { StateBadge, StatusBadge } from '~/kit/Status';
import { KeyValue, RelTime } from '~/kit/Text';
import { percent, plain } from '~/lib/format';
import css from './map.module.css';

const KINDS: Record<string, string> = { cable: 'Cable', lag: 'Link aggregation', segment: 'Shared segment', ospf: 'OSPF adjacency', ospf3: 'OSPFv3 adjacency', bgp: 'BGP session', isis: 'IS-IS adjacency', subnet: 'Shared subnet' };

export function kindName(kind: string): string {
  return KINDS[kind] ?? kind;
}

function Side({ title, icon, onClose, children }: { title: string; icon?: ReactNode; onClose: () => void; children: ReactNode }) {
  return (
    <aside className={css.side} aria-label={title}>
      <header>
        {icon}
        <h2 className="grow">{title}</h2>
        <ActionIcon variant="subtle" color="gray" size={26} aria-label="Close panel" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      {children}
    </aside>
  );
}

/** `lldp.two-sided` as `LLDP two-sided`. */
export function methodName(method: string): string {
  const [protocol = '', ...rest] = method.split('.');
  return [protocol.length <= 5 ? protocol.toUpperCase() : protocol, ...rest].join(' ');
}

/** The aggregate a cable belongs to: a link of its own when this layer draws it, else its name. */
function Aggregate({ id, topology, onSelect }: { id: string; topology: Topology; onSelect: (id: string) => void }) {
  if (!topology.links.some((link) => link.id === id)) return <span>a link aggregation, drawn on layer 2</span>;
  return (
    <button type="button" className="link-button" onClick={() => onSelect(id)}>
      Link aggregation
    </button>
  );
}

export interface PanelActions {
  onClose: () => void;
  onSelect: (id: string) => void;
  onFocus: (ids: string[]) => void;
}

export function NodePanel({ node, topology, actions, pinDenied, onPin, onUnpin }: { node: TopologyNode; topology: Topology; actions: PanelActions; pinDenied?: string; onPin: () => void; onUnpin: () => void }) {
  const links = topology.links.filter((link) => link.a.device === node.id || link.b.device === node.id);
  const names = new Map(topology.nodes.map((each) => [each.id, each.name]));
  const peers = links.map((link) => {
    const [own, other] = link.a.device === node.id ? [link.a, link.b] : [link.b, link.a];
    return { link, own: own.interface, peer: other.device, name: names.get(other.device) ?? 'unknown' };
  });
  return (
    <Side title={node.name} icon={<RoleIcon role={node.kind === 'segment' ? 'segment' : node.role} size={22} />} onClose={actions.onClose}>
      <section>
        <KeyValue
          items={[
            ['Kind', node.kind === 'device' ? roleName(node.role) : node.kind === 'stub' ? 'Seen by neighbours, has not answered' : roleName(node.kind)],
            ['Seen', <StateBadge key="s" state={node.state} />],
            ...(node.status === 'ok' || node.kind !== 'device' ? [] : ([['Status', <StateBadge key="t" state={node.status} />]] as [string, ReactNode][])),
            ['Addresses', node.addresses.length === 0 ? null : <code key="a">{node.addresses.slice(0, 6).join(' ')}{node.addresses.length > 6 && ` +${node.addresses.length - 6}`}</code>],
            ['Vendor', node.vendor],
            ['Model', node.model],
            ['Site', node.site],
          ]}
        />
        <div className="row" style={{ marginTop: 12 }}>
          {node.kind === 'device' && (
            <Button component={Link} to={`/devices/${node.id}`} rightSection={<IconArrowRight size={14} />}>
              Open device
            </Button>
          )}
          <Button variant="default" leftSection={<IconMaximize size={14} />} onClick={() => actions.onFocus([node.id, ...peers.map((each) => each.peer)])}>
            Focus
          </Button>
          <Button variant="default" disabled={pinDenied !== undefined} title={pinDenied ?? (node.pinned ? 'Let the layout place it again' : 'Keep it where it is')} leftSection={node.pinned ? <IconPinOff size={14} /> : <IconPin size={14} />} onClick={node.pinned ? onUnpin : onPin}>
            {node.pinned ? 'Unpin' : 'Pin'}
          </Button>
        </div>
      </section>
      <section>
        <h3>Links on {topology.layer.toUpperCase()}, {peers.length}</h3>
        {peers.length === 0 && <p className="muted">None on this layer.</p>}
        <ul className={css.peers}>
          {peers.map(({ link, own, peer, name }) => (
            <li key={link.id}>
              <button type="button" className="link-button" onClick={() => actions.onSelect(link.id)} aria-label={`Link ${own ?? ''} to ${name}`}>
                <code>{own ?? '-'}</code>
              </button>
              <button type="button" className="link-button" onClick={() => actions.onSelect(peer)}>
                {name}
              </button>
              <StateBadge state={link.state} />
            </li>
          ))}
        </ul>
      </section>
    </Side>
  );
}

export function LinkPanel({ link, topology, actions }: { link: TopologyLink; topology: Topology; actions: PanelActions }) {
  const end = (side: TopologyLink['a']) => {
    const node = topology.nodes.find((each) => each.id === side.device);
    return (
      <div>
        <button type="button" className="link-button" onClick={() => actions.onSelect(side.device)}>
          {node?.name ?? 'unknown'}
        </button>
        <div>
          <code>{side.interface ?? 'port not known'}</code>
        </div>
      </div>
    );
  };
  const contradictions = link.contradictions ?? [];
  return (
    <Side title={kindName(link.kind)} onClose={actions.onClose}>
      <section>
        <div className={css.ends}>
          {end(link.a)}
          <span aria-hidden="true">↔</span>
          {end(link.b)}
        </div>
      </section>
      <section>
        <KeyValue
          items={[
            ['Layer', link.layer.toUpperCase()],
            ['State', <StateBadge key="s" state={link.state} />],
            ['Confidence', <span key="c"><span className={css.meter} aria-hidden="true"><i style={{ width: percent(link.confidence).replace(' ', '') }} /></span>{percent(link.confidence)}</span>],
            ['Grade', <StateBadge key="g" state={link.grade} />],
            ...(link.lag ? ([['Member of', <Aggregate key="l" id={link.lag} topology={topology} onSelect={actions.onSelect} />]] as [string, ReactNode][]) : []),
            ...(link.blocked ? ([['Spanning tree', <StatusBadge key="b" tone="warning">Blocked</StatusBadge>]] as [string, ReactNode][]) : []),
            ['First seen', <RelTime key="f" at={link.first_seen} />],
            ['Last seen', <RelTime key="t" at={link.last_seen} />],
          ]}
        />
        <div className="row" style={{ marginTop: 12 }}>
          <Button variant="default" leftSection={<IconMaximize size={14} />} onClick={() => actions.onFocus([link.a.device, link.b.device])}>
            Focus
          </Button>
        </div>
      </section>
      {contradictions.length > 0 && (
        <section>
          <h3>What speaks against it, {contradictions.length}</h3>
          <ul className={css.evidence}>
            {contradictions.map((each) => (
              <li key={`${each.code}${each.text}`}>
                <StatusBadge tone="warning">{each.text}</StatusBadge> <code className="muted">{each.code}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>Evidence, {link.evidence.length}</h3>
        <ul className={css.evidence}>
          {link.evidence.map((each, at) => (
            <li key={`${each.source}${each.method}${at}`}>
              <div className={css.top}>
                <strong>{methodName(each.method)}</strong>
                <span>from {each.source}</span>
                <RelTime at={each.seen_at} />
              </div>
              {each.detail !== undefined && each.detail !== null && <div className="muted">{plain(each.detail)}</div>}
            </li>
          ))}
        </ul>
      </section>
    </Side>
  );
}
