import { Button, Popover } from '@mantine/core';
import type { ReactNode } from 'react';
import { IconInfo } from '~/kit/icons';
import { RoleIcon, roleName } from '~/kit/RoleIcon';
import { StatusBadge } from '~/kit/Status';
import css from './map.module.css';

function Line({ children }: { children: ReactNode }) {
  return (
    <svg width="56" height="14" viewBox="0 0 56 14" aria-hidden="true" stroke="currentColor" fill="none">
      {children}
    </svg>
  );
}

const LINES: [string, ReactNode][] = [
  ['Cable, layer 1', <path key="1" d="M0 7h56" strokeWidth="2" />],
  ['Layer 2', <path key="2" d="M0 7h56" strokeWidth="1.4" />],
  ['Layer 3 adjacency', <path key="3" d="M0 7h56" strokeWidth="1.4" strokeDasharray="9 4" />],
  ['BGP session', <path key="4" d="M0 7h56" strokeWidth="1.4" strokeDasharray="9 3 2.5 3" />],
  ['Aggregate (LAG)', <path key="5" d="M0 4.700h56M0 9.300h56M28 2v10" strokeWidth="1.5" />],
  ['Inferred', <path key="6" d="M0 7h56" strokeWidth="1.6" strokeDasharray="5 3" />],
  ['Guess', <path key="7" d="M0 7h56" strokeWidth="1.6" strokeDasharray="1.6 3.4" />],
  ['Blocked by spanning tree', <g key="8"><path d="M0 7h23m10 0h23" strokeWidth="2" /><path d="M24 1v12m8-12v12" stroke="var(--warning)" strokeWidth="2.4" /></g>],
  ['Down', <g key="9" stroke="var(--critical)"><path d="M0 7h21.500m13 0H56" strokeWidth="2" /><circle cx="28" cy="7" r="6" /><path d="m25.5 4.5 5 5m0-5-5 5" strokeWidth="1.6" /></g>],
  ['Gone: was there, is not', <g key="10" opacity=".55"><path d="M0 7h21.500m13 0H56" strokeWidth="2" strokeDasharray="4 4" /><circle cx="28" cy="7" r="6" /><path d="M25 7h6" strokeWidth="1.6" /></g>],
  ['Stale: no news lately', <path key="11" d="M0 7h56" strokeWidth="2" opacity=".5" />],
  ['Sources disagree', <g key="12"><path d="M0 7h21.500m13 0H56" strokeWidth="2" /><circle cx="28" cy="7" r="6" /><path d="M25.5 5.500h5m-5 3h5m-4 2 3-7" stroke="var(--warning)" strokeWidth="1.4" /></g>],
];

/** The outline of a role, as the map draws it. */
const OUTLINES: Record<string, ReactNode> = {
  router: <circle cx="14" cy="14" r="12" />,
  l3switch: <><rect x="2.5" y="2.5" width="23" height="23" rx="3" /><circle cx="14" cy="14" r="9" opacity=".55" /></>,
  switch: <rect x="2.5" y="2.5" width="23" height="23" rx="3" />,
  firewall: <path d="M14 1.5 25 7.800v12.400L14 26.5 3 20.200V7.800z" />,
  ap: <rect x="2.5" y="2.5" width="23" height="23" rx="9" />,
  host: <rect x="5" y="2" width="18" height="24" rx="3" />,
  phone: <rect x="6.5" y="2" width="15" height="24" rx="6" />,
  segment: <rect x="1" y="8.5" width="26" height="11" rx="5.5" />,
  unknown: <circle cx="14" cy="14" r="11.5" strokeDasharray="4 3" />,
};

function NodeMark({ shape }: { shape: string }) {
  return (
    <span style={{ display: 'inline-grid', placeItems: 'center', width: 28, height: 28 }}>
      <svg width="28" height="28" viewBox="0 0 28 28" fill="none" stroke="currentColor" strokeWidth="1.4" aria-hidden="true" style={{ gridArea: '1 / 1' }}>
        {OUTLINES[shape]}
      </svg>
      {shape !== 'segment' && (
        <span style={{ gridArea: '1 / 1', display: 'grid', color: 'var(--text)' }}>
          <RoleIcon role={shape} size={14} />
        </span>
      )}
    </span>
  );
}

export function Legend() {
  return (
    <div className={css.legend}>
      <Popover position="top-start" trapFocus returnFocus>
        <Popover.Target>
          <Button variant="default" leftSection={<IconInfo size={15} />}>
            Legend
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Legend">
          <div className="stack" style={{ width: 440 }}>
            <h3>Lines</h3>
            <div className={css.marks}>
              {LINES.map(([word, line]) => (
                <div key={word} style={{ display: 'contents' }}>
                  <Line>{line}</Line>
                  <span>{word}</span>
                </div>
              ))}
            </div>
            <h3>Nodes</h3>
            <div className={css.marks}>
              {['router', 'l3switch', 'switch', 'firewall', 'ap', 'host', 'phone', 'segment', 'unknown'].map((role) => (
                <div key={role} style={{ display: 'contents' }}>
                  <NodeMark shape={role} />
                  <span>{roleName(role)}</span>
                </div>
              ))}
            </div>
            <div className="row" style={{ gap: 14 }}>
              <StatusBadge tone="warning">Warning</StatusBadge>
              <StatusBadge tone="critical">Critical</StatusBadge>
              <StatusBadge tone="unknown">Stale</StatusBadge>
              <span className="muted">no badge: OK</span>
            </div>
          </div>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
