import type { ReactNode } from 'react';
import css from './kit.module.css';

export type Tone = 'ok' | 'info' | 'warning' | 'critical' | 'unknown' | 'maintenance';

/** The shapes of ui.md 3.3: a tone is never told by colour alone. */
const SHAPES: Record<Tone, ReactNode> = {
  ok: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="m4.3 7.2 1.9 1.9 3.6-3.9" fill="none" stroke="var(--surface)" strokeWidth="1.6" />
    </>
  ),
  info: (
    <>
      <circle cx="7" cy="7" r="5.3" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M7 6.200v3.600M7 4.100v.9" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  warning: (
    <>
      <path d="M7 .9 13.5 12.700H.5z" fill="currentColor" />
      <path d="M7 5v3.600M7 9.900v1.2" stroke="var(--surface)" strokeWidth="1.5" />
    </>
  ),
  critical: (
    <>
      <path d="M4.4 1h5.200L13 4.400v5.200L9.6 13H4.400L1 9.600V4.400z" fill="currentColor" />
      <path d="m4.7 4.7 4.6 4.600m0-4.600L4.7 9.3" stroke="var(--surface)" strokeWidth="1.6" />
    </>
  ),
  unknown: (
    <>
      <circle cx="7" cy="7" r="5.3" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2 1.5" />
      <path d="M5.5 5.500a1.5 1.5 0 1 1 2.2 1.400c-.5.3-.7.6-.7 1.100M7 9.200v1" fill="none" stroke="currentColor" strokeWidth="1.2" />
    </>
  ),
  maintenance: (
    <>
      <rect x="1.5" y="1.5" width="11" height="11" rx="2" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M4 10 10 4" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
};

export function StatusBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={css.status}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" style={{ color: `var(--${tone})` }}>
        {SHAPES[tone]}
      </svg>
      <span>{children}</span>
    </span>
  );
}

const TONES: Record<string, [Tone, string]> = {
  ok: ['ok', 'OK'],
  warning: ['warning', 'Warning'],
  critical: ['critical', 'Critical'],
  unknown: ['unknown', 'Unknown'],
  up: ['ok', 'Up'],
  down: ['critical', 'Down'],
  fresh: ['ok', 'Fresh'],
  stale: ['unknown', 'Stale'],
  gone: ['critical', 'Gone'],
  available: ['info', 'Waiting'],
  scheduled: ['info', 'Scheduled'],
  running: ['info', 'Running'],
  retryable: ['warning', 'Will retry'],
  completed: ['ok', 'Completed'],
  cancelled: ['unknown', 'Cancelled'],
  discarded: ['critical', 'Failed'],
  queued: ['unknown', 'Queued'],
  asking: ['info', 'Asking'],
  answered: ['ok', 'Answered'],
  failed: ['critical', 'Failed'],
  skipped: ['unknown', 'Skipped'],
  confirmed: ['ok', 'Confirmed'],
  likely: ['info', 'Likely'],
  inferred: ['warning', 'Inferred'],
  guess: ['unknown', 'Guess'],
  shut: ['unknown', 'Shut'],
  testing: ['maintenance', 'Testing'],
  dormant: ['unknown', 'Dormant'],
  lowerlayerdown: ['critical', 'Lower layer down'],
  notpresent: ['unknown', 'Not present'],
};

/** A state word of the API as a badge; an unknown word is shown as it is. */
export function StateBadge({ state }: { state: string | null | undefined }) {
  if (!state) return <span className="muted">-</span>;
  const [tone, word] = TONES[state.toLowerCase()] ?? ['unknown', state];
  return <StatusBadge tone={tone}>{word}</StatusBadge>;
}
