import { Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Target } from '~/api/types';
import { StateBadge } from '~/kit/Status';
import { TablesReport } from '~/kit/TablesReport';
import { KeyValue } from '~/kit/Text';
import { duration } from '~/lib/format';

/** One asked address: why it failed and what to do, or which tables it gave and which it withheld. */
export function TargetDrawer({ target, onClose }: { target: Target | undefined; onClose: () => void }) {
  return (
    <Drawer opened={target !== undefined} onClose={onClose} title={target?.name ?? target?.address ?? 'Target'} size={520} closeButtonProps={{ 'aria-label': 'Close' }}>
      {target && (
        <div className="stack">
          <KeyValue
            items={[
              ['Address', <code key="a">{target.address}</code>],
              ['State', <StateBadge key="s" state={target.state} />],
              ['Device', target.device_id ? <Link key="d" to="/devices/$id" params={{ id: target.device_id }}>{target.name ?? 'open'}</Link> : null],
              ['Became known', target.origin ?? (target.depth === 0 ? 'as a seed' : null)],
              ['Same device as', target.same_as ? <code key="m">{target.same_as}</code> : null],
              ['Took', duration(target.duration_ms)],
            ]}
          />
          {target.reason && (
            <section className="panel panel-body stack" style={{ gap: 6 }}>
              <h3>{target.reason.text}</h3>
              {target.reason.remedy && <p>{target.reason.remedy}</p>}
              <code className="muted">{target.reason.code}</code>
            </section>
          )}
          {target.tables && target.tables.length > 0 && (
            <section className="stack" style={{ gap: 6 }}>
              <h3>Tables</h3>
              <TablesReport tables={target.tables} />
            </section>
          )}
        </div>
      )}
    </Drawer>
  );
}
