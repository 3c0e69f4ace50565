import type { ReactNode } from 'react';
import type { Host } from '~/api/types';
import { bitrate, plain } from '~/lib/format';
import { StateBadge } from '~/kit/Status';
import css from './home.module.css';

type Row = Record<string, unknown>;

/** First value there is among the names a field may have. */
function pick(row: Row, ...names: string[]): unknown {
  for (const name of names) if (row[name] !== undefined && row[name] !== null && row[name] !== '') return row[name];
  return undefined;
}

function endpoint(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'address' in value) {
    const { address, port } = value as { address: unknown; port?: unknown };
    return port === undefined ? plain(address) : `${plain(address)}:${plain(port)}`;
  }
  return plain(value);
}

/** The machine the server runs on: what it is connected to, and who talks to it. */
export function HostPanels({ host }: { host: Host }) {
  const interfaceName = new Map(host.interfaces.map((each) => [pick(each, 'index'), pick(each, 'name')]));
  const nameOf = (row: Row) => plain(pick(row, 'interface') ?? interfaceName.get(pick(row, 'if_index', 'index')));
  const addressesOf = (name: string) =>
    host.addresses
      .filter((address) => nameOf(address) === name)
      .map((address) => {
        const length = pick(address, 'prefix_length');
        const text = plain(pick(address, 'ip', 'address'));
        return text.includes('/') || length === undefined ? text : `${text}/${plain(length)}`;
      });
  const listening = host.sockets.filter((socket) => /listen|unconn/i.test(plain(socket.state)));
  const connected = host.sockets.filter((socket) => /estab/i.test(plain(socket.state)));

  return (
    <div className="grid">
      <Panel title="Interfaces of this machine" rows={host.interfaces} columns={['Name', 'State', 'Addresses', 'MAC', 'Speed', 'MTU']} span="span-8">
        {(each) => {
          const name = plain(pick(each, 'name'));
          const speed = pick(each, 'speed_bps');
          const own = pick(each, 'addresses');
          return [
            <code key="n">{name}</code>,
            <StateBadge key="s" state={each.oper_up === undefined ? plain(pick(each, 'oper', 'state')) : each.admin_up === false ? 'shut' : each.oper_up ? 'up' : 'down'} />,
            <code key="a">{(Array.isArray(own) && own.length > 0 ? own.map(endpoint) : addressesOf(name)).join(' ') || '-'}</code>,
            <code key="m">{plain(pick(each, 'mac'))}</code>,
            typeof speed === 'number' ? bitrate(speed) : '-',
            plain(pick(each, 'mtu')),
          ];
        }}
      </Panel>
      <Panel title="Neighbours it sees" rows={host.neighbours} columns={['Address', 'MAC', 'Interface']} span="span-4">
        {(each) => [<code key="a">{plain(pick(each, 'ip', 'address'))}</code>, <code key="m">{plain(pick(each, 'mac'))}</code>, nameOf(each)]}
      </Panel>
      <Panel title="Listening" rows={listening} columns={['Protocol', 'Local', 'Process']} span="span-4">
        {(each) => [plain(each.protocol), <code key="l">{endpoint(each.local)}</code>, process(each)]}
      </Panel>
      <Panel title="Connected" rows={connected} columns={['Protocol', 'Local', 'Remote', 'Process']} span="span-8">
        {(each) => [plain(each.protocol), <code key="l">{endpoint(each.local)}</code>, <code key="r">{endpoint(each.remote)}</code>, process(each)]}
      </Panel>
      <Panel title="Routes" rows={host.routes} columns={['Destination', 'Next hop', 'Interface', 'Metric']} span="span-12">
        {(each) => [
          <code key="d">{plain(pick(each, 'prefix', 'destination') ?? 'default')}</code>,
          <code key="g">{plain(pick(each, 'next_hop', 'gateway'))}</code>,
          nameOf(each),
          plain(pick(each, 'metric')),
        ]}
      </Panel>
    </div>
  );
}

function process(row: Row): string {
  const name = pick(row, 'process');
  const pid = pick(row, 'pid');
  if (name === undefined) return pid === undefined ? '-' : `pid ${plain(pid)}`;
  return pid === undefined ? plain(name) : `${plain(name)} (${plain(pid)})`;
}

function Panel({ title, rows, columns, span, children }: { title: string; rows: Row[]; columns: string[]; span: string; children: (row: Row) => ReactNode[] }) {
  return (
    <section className={`panel ${span}`} aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="muted">{rows.length}</span>
      </header>
      {rows.length === 0 ? (
        <p className="panel-body muted">None.</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take focus (WCAG 2.1.1)
        <div className={css.scroll} tabIndex={0} role="region" aria-label={title}>
          <table className="tabular">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, 200).map((row, at) => (
                <tr key={at}>
                  {children(row).map((cell, column) => (
                    <td key={columns[column]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
