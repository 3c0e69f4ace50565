import { Button } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { IconAlertTriangle, IconInfo, type IconType } from './icons';
import css from './kit.module.css';

/** Nothing to show: says why, and gives the next step as a button. */
export function EmptyState({ icon: Icon = IconInfo, title, children, actions }: { icon?: IconType; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={css.empty}>
      <div className={css.art}>
        <Icon size={24} stroke={1.6} aria-hidden="true" />
      </div>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className={css.actions}>{actions}</div>}
    </div>
  );
}

interface ProblemLike {
  title: string;
  detail?: string;
  code?: string;
  status?: number;
  instance?: string;
  errors?: { pointer?: string; message: string }[];
}

function problemOf(error: unknown): ProblemLike {
  if (typeof error === 'object' && error !== null && 'problem' in error) return error.problem as ProblemLike;
  return { title: 'This page has a fault', detail: error instanceof Error ? error.message : String(error) };
}

const STATUS_WORDS = /^(Bad Request|Unauthorized|Forbidden|Not Found|Conflict|Precondition Failed|Payload Too Large|Unprocessable (Entity|Content)|Too Many Requests|Internal Server Error|Service Unavailable)$/;

/** A problem+json document in place, with its request id and a way to ask again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = problemOf(error);
  // The server titles problems with the status' own words; the sentence in `detail` says more.
  const bare = problem.detail !== undefined && STATUS_WORDS.test(problem.title);
  const refused = problem.status === 403 && (problem.code === undefined || problem.code === 'forbidden');
  return (
    <div className={css.error} role="alert">
      <IconAlertTriangle size={18} aria-hidden="true" />
      <div className="grow stack" style={{ gap: 4 }}>
        <strong>{refused ? 'You may not do this' : bare ? problem.detail : problem.title}</strong>
        {problem.detail && problem.detail !== problem.title && (!bare || refused) && <span>{problem.detail}</span>}
        {problem.errors && problem.errors.length > 0 && (
          <ul>
            {problem.errors.map((item) => (
              <li key={`${item.pointer}${item.message}`}>
                {item.pointer && <code>{item.pointer}</code>} {item.message}
              </li>
            ))}
          </ul>
        )}
        {refused && <span>An administrator of this tenant can give you the right under Roles.</span>}
        {(problem.code || problem.instance) && (
          <small>
            {problem.code} {problem.instance && <>request {problem.instance.replace('urn:uuid:', '')}</>}
          </small>
        )}
      </div>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Bars in place of text, after a moment: a quick answer never flashes. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return <div aria-busy="true" />;
  return (
    <div className="stack" aria-busy="true" aria-label="Loading" role="status">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={css.skeleton} style={{ width: `${88 - ((line * 23) % 50)}%` }} />
      ))}
    </div>
  );
}

export function ProgressBar({ done, total, label }: { done: number; total: number | null | undefined; label: string }) {
  const known = typeof total === 'number' && total > 0;
  const share = known ? Math.min(1, done / total) : 0;
  return (
    <div
      className={css.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={known ? total : undefined}
      aria-valuenow={known ? done : undefined}
      data-busy={known ? undefined : ''}
    >
      <i style={known ? { width: `${share * 100}%` } : undefined} />
    </div>
  );
}
