import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Device } from '~/api/types';
import { StatusBadge } from '~/kit/Status';
import { KeyValue, RelTime } from '~/kit/Text';
import { duration, humanise, plain, plural } from '~/lib/format';

function factValue(key: string, value: unknown) {
  if (typeof value === 'string' && /_(at|since)$/.test(key)) return <RelTime at={value} />;
  if (typeof value === 'number' && /uptime/i.test(key)) return duration(value * (/(tick|centi)/i.test(key) ? 10 : 1000));
  return plain(value);
}

/** Facts, ports at a glance, neighbours, and what the device withheld. */
export function OverviewTab({ device, onInterfaces }: { device: Device; onInterfaces: () => void }) {
  const facts = Object.entries({ vendor: device.vendor, model: device.model, site: device.site, ...device.facts }).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const cut = device.tables.filter((table) => !table.complete);
  const physical = device.interfaces.filter((each) => each.oper === 'up' || each.admin === 'up');
  return (
    <div className="grid">
      <section className="panel span-6">
        <header>
          <h2>Facts</h2>
        </header>
        <div className="panel-body">
          {facts.length === 0 ? <p className="muted">The device itself has told nothing; it is known from its neighbours.</p> : <KeyValue items={facts.map(([key, value]) => [humanise(key), factValue(key, value)])} />}
        </div>
      </section>
      <div className="span-6 stack">
        <section className="panel">
          <header>
            <h2>Ports</h2>
            <Button variant="subtle" onClick={onInterfaces}>
              {plural(device.interfaces.length, 'interface')}
            </Button>
          </header>
          <div className="panel-body">
            <PortStrip device={device} />
            <p className="muted" style={{ marginTop: 8 }}>{physical.filter((each) => each.oper === 'up').length} up, {physical.filter((each) => each.oper === 'down').length} enabled and down</p>
          </div>
        </section>
        <section className="panel">
          <header>
            <h2>Neighbours</h2>
          </header>
          <div className="panel-body row">
            {device.neighbours.length === 0 && <span className="muted">None known.</span>}
            {[...new Map(device.neighbours.filter((each) => each.device_id).map((each) => [each.device_id, each])).values()].slice(0, 40).map((each) => (
              <Link key={each.device_id} to="/devices/$id" params={{ id: each.device_id ?? '' }} className="tag" style={{ height: 24 }}>
                {each.name ?? 'device'}
              </Link>
            ))}
          </div>
        </section>
        {cut.length > 0 && (
          <section className="panel">
            <header>
              <h2>What it withheld</h2>
            </header>
            <ul className="panel-body" style={{ margin: 0, listStyle: 'none' }}>
              {cut.map((table) => (
                <li key={table.table} className="row">
                  <StatusBadge tone="warning">Incomplete</StatusBadge>
                  <code>{table.table}</code>
                  <span>
                    {table.declared === null ? plural(table.read, 'row') : `${table.read} of ${plural(table.declared, 'row')}`}
                    {table.note && <span className="muted">, {table.note}</span>}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

/** One mark per port: filled is up, hollow is down, dotted is shut. */
function PortStrip({ device }: { device: Device }) {
  const ports = device.interfaces.slice(0, 192);
  return (
    <svg viewBox={`0 0 384 ${Math.max(1, Math.ceil(ports.length / 24)) * 18}`} width="100%" role="img" aria-label={`${ports.filter((each) => each.oper === 'up').length} of ${ports.length} ports up`}>
      {ports.map((port, at) => {
        const up = port.oper === 'up';
        const shut = port.admin === 'down';
        return (
          <rect key={`${port.name}${at}`} x={(at % 24) * 16 + 1} y={Math.floor(at / 24) * 18 + 1} width="13" height="13" rx="2" fill={up ? 'var(--ok)' : 'none'} stroke={up ? 'var(--ok)' : shut ? 'var(--border)' : 'var(--critical)'} strokeDasharray={shut ? '2 2' : undefined}>
            <title>{`${port.name}: ${up ? 'up' : shut ? 'shut' : 'down'}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
