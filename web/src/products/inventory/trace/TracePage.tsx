import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { IconRoute } from '~/kit/icons';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { StatusBadge } from '~/kit/Status';
import { plural } from '~/lib/format';
import { recordPath, traceQuery, type Trace, type TracePort } from '../api';
import { cableName, cableWords, layout, panelsOf, totalLength } from './layout';
import { COLLECTIONS, TraceSvg } from './TraceSvg';
import css from './trace.module.css';

/** The way of a cable from a port or a cable: everything it goes through, as a drawing and in words. */
export function TracePage() {
  const { collection = '', id = '' } = useParams({ strict: false }) as { collection?: string; id?: string };
  const trace = useQuery(traceQuery(collection, id));
  const drawing = useMemo(() => (trace.data ? layout(trace.data) : null), [trace.data]);
  const data = trace.data;
  const begin = data ? beginning(data) : null;
  const title = collection === 'cables' ? 'Trace of a cable' : begin ? `Trace of ${begin.name}` : 'Trace';
  return (
    <div className="page">
      <nav className="crumb" aria-label="Where this is">
        <Link to={`/inventory/${collection}` as never}>{collection.replaceAll('-', ' ')}</Link>
        {' / '}
        <Link to={recordPath(collection, id) as never}>{begin?.name ?? 'port'}</Link>
      </nav>
      <div className="page-head">
        <h1>{title}</h1>
        {begin?.at && <p>{begin.at.display}</p>}
        {data && <State trace={data} />}
      </div>
      {trace.isPending && <Skeleton lines={6} />}
      {trace.isError && <ErrorState error={trace.error} onRetry={() => void trace.refetch()} />}
      {data && data.cables.length === 0 && data.passes.length === 0 && (
        <EmptyState icon={IconRoute} title="No cable is connected">
          Once a cable ends here, this page shows where it leads.
        </EmptyState>
      )}
      {data && drawing && (data.cables.length > 0 || data.passes.length > 0) && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take focus (WCAG 2.1.1)
        <div className={css.frame} role="region" aria-label="Drawing of the trace" tabIndex={0}>
          <TraceSvg trace={data} drawing={drawing} label={`${title}: ${words(data)}`} />
        </div>
      )}
      {data && data.cables.length > 0 && <TraceTable trace={data} />}
    </div>
  );
}

function beginning(trace: Trace): TracePort | null {
  return trace.ports.find((port) => trace.origin.includes(port.id)) ?? null;
}

function words(trace: Trace): string {
  const length = totalLength(trace);
  const metres = length === null ? null : `${Number(length.toFixed(length < 10 ? 1 : 0))} m in all`;
  return [plural(trace.cables.length, 'cable'), trace.passes.length > 0 ? `through ${plural(panelsOf(trace), 'panel')}` : null, metres].filter(Boolean).join(', ');
}

function State({ trace }: { trace: Trace }) {
  if (trace.cables.length === 0 && trace.passes.length === 0) return null;
  return (
    <span className="row">
      {trace.complete ? <StatusBadge tone="ok">Complete</StatusBadge> : <StatusBadge tone="warning">{trace.cut ? 'Cut off: too long' : 'Ends open'}</StatusBadge>}
      {trace.split && <StatusBadge tone="info">Splits</StatusBadge>}
      <span className="muted">{words(trace)}</span>
    </span>
  );
}

function TraceTable({ trace }: { trace: Trace }) {
  const ports = new Map(trace.ports.map((port) => [port.id, port]));
  const name = (id: string) => {
    const port = ports.get(id);
    if (!port) return null;
    const path = COLLECTIONS[port.model];
    const text = `${port.at ? `${port.at.display} ` : ''}${port.name}`;
    return <div key={id}>{path ? <Link to={recordPath(path, id) as never}>{text}</Link> : text}</div>;
  };
  const step = (ids: string[]) => Math.min(...ids.map((id) => ports.get(id)?.step ?? 0));
  const cables = [...trace.cables].sort((a, b) => step(a.a) - step(b.a));
  return (
    <div className="panel scroll-x">
      <table className="tabular" aria-label="Cables on the way">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Cable</th>
            <th scope="col">Type and length</th>
            <th scope="col">To</th>
            <th scope="col">Goes on at</th>
          </tr>
        </thead>
        <tbody>
          {cables.map((cable) => (
            <tr key={cable.id}>
              <td>{cable.a.map(name)}</td>
              <td>
                <Link to={recordPath('cables', cable.id) as never}>{cableName(cable)}</Link>
              </td>
              <td>{cableWords(cable) || '-'}</td>
              <td>{cable.b.map(name)}</td>
              <td>{cable.b.flatMap((id) => trace.passes.filter((pass) => pass.from === id).map((pass) => name(pass.to)))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
