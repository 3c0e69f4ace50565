import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { get } from '~/api/client';
import { IconChevronDown, IconList, IconPlus, IconSearch } from '~/kit/icons';
import { LinkButton } from '~/kit/LinkButton';
import { Meter } from '~/kit/Meter';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { StatusBadge, type Tone } from '~/kit/Status';
import { count, humanise } from '~/lib/format';
import { prefixLevelQuery, recordPath, type LevelOf, type PrefixLevel, type PrefixRow } from '../api';
import type { Wanted } from './NextFree';
import { sizeOf } from './net';
import css from './prefixes.module.css';

export interface PrefixTreeProps {
  vrf: string;
  q: string;
  open: string[];
  selected: string;
  onOpen: (open: string[]) => void;
  /** Shows a prefix that was found in its tree: what must be open, and which it is. */
  onReveal: (open: string[], id: string) => void;
  onNext: (wanted: Wanted) => void;
}

const TONES: Record<string, Tone> = { active: 'ok', container: 'info', reserved: 'maintenance', deprecated: 'warning' };

/** The tree as a grid: rows are walked by arrows, a level is loaded when it is opened. */
export function PrefixTree(props: PrefixTreeProps) {
  const of: LevelOf = { vrf: props.vrf || undefined, q: props.q.trim() || undefined };
  const top = useInfiniteQuery(prefixLevelQuery(of));
  if (top.isError) return <ErrorState error={top.error} onRetry={() => void top.refetch()} />;
  const nothing = top.isSuccess && top.data.pages[0]?.items.length === 0;
  if (nothing && of.q) {
    return (
      <div className={css.frame}>
        <EmptyState icon={IconSearch} title="No prefix matches">
          No prefix of this table holds, lies in, or is described by “{of.q}”.
        </EmptyState>
      </div>
    );
  }
  if (nothing) {
    return (
      <div className={css.frame}>
        <EmptyState icon={IconList} title="No prefix in this table yet" actions={<LinkButton to={'/inventory/prefixes' as never} search={{ sel: 'new' } as never}>New prefix</LinkButton>}>
          Begin with the networks you were given, as containers; the rest is taken from them.
        </EmptyState>
      </div>
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take focus (WCAG 2.1.1)
    <div className={css.frame} role="region" aria-label="Prefixes" tabIndex={0}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- what ARIA has for a table whose rows unfold */}
      <table className={css.tree} role="treegrid" aria-label="Prefixes" aria-busy={top.isPending || undefined}>
        <thead>
          <tr>
            <th scope="col">Prefix</th>
            <th scope="col" className={css.use}>In use</th>
            <th scope="col">Status</th>
            <th scope="col">Role</th>
            <th scope="col">VLAN</th>
            <th scope="col">Where</th>
            <th scope="col">Description</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {top.isPending ? (
            <tr>
              <td colSpan={8}>
                <Skeleton lines={6} />
              </td>
            </tr>
          ) : (
            <Level {...props} of={of} level={1} parent={null} />
          )}
        </tbody>
      </table>
    </div>
  );
}

function Level({ of, level, parent, ...props }: PrefixTreeProps & { of: LevelOf; level: number; parent: PrefixRow | null }) {
  const rows = useInfiniteQuery(prefixLevelQuery(of));
  if (rows.isPending || rows.isError) {
    return (
      <tr aria-level={level} aria-busy={rows.isPending || undefined}>
        <td colSpan={8} style={{ paddingLeft: 12 + level * 20 }}>
          {rows.isError ? <ErrorState error={rows.error} onRetry={() => void rows.refetch()} /> : <span className="muted">Loading…</span>}
        </td>
      </tr>
    );
  }
  const items = rows.data.pages.flatMap((page) => page.items);
  return (
    <>
      {items.map((item) =>
        item.kind === 'free' ? (
          <tr key={`free-${item.prefix}`} className={css.free} aria-level={level} tabIndex={-1} data-row="" onKeyDown={(event) => walk(event, () => props.onNext({ parent, free: item.prefix }))}>
            <td style={{ paddingLeft: 32 + (level - 1) * 20 }}>
              <code>{item.prefix}</code>
            </td>
            <td className="muted">free, {sizeOf(item.prefix)}</td>
            <td colSpan={5} />
            <td className={css.actions}>
              <Button variant="subtle" size="compact-xs" tabIndex={-1} onClick={() => props.onNext({ parent, free: item.prefix })} aria-label={`Use ${item.prefix}`}>
                Use
              </Button>
            </td>
          </tr>
        ) : (
          <Prefix key={item.id} {...props} row={item} level={level} flat={of.q !== undefined} />
        ),
      )}
      {rows.hasNextPage && (
        <tr aria-level={level}>
          <td colSpan={8} style={{ paddingLeft: 32 + (level - 1) * 20 }}>
            <Button variant="subtle" size="compact-xs" loading={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
              Show more
            </Button>
          </td>
        </tr>
      )}
    </>
  );
}

function Prefix({ row, level, flat, ...props }: PrefixTreeProps & { row: PrefixRow; level: number; flat: boolean }) {
  const opened = !flat && props.open.includes(row.id);
  // A prefix without others in it has nothing to unfold; its addresses are on its page.
  const folds = !flat && row.children > 0;
  const toggle = (open: boolean) => props.onOpen(open ? [...props.open, row.id] : props.open.filter((id) => id !== row.id));
  const next = () => props.onNext({ parent: row, free: null });
  const reveal = () =>
    get<PrefixLevel>('/api/v1/inventory/prefix-tree', { parent: row.id, limit: 1 }).then((found) => {
      props.onReveal([...new Set([...props.open, ...found.above.slice(0, -1).map((each) => each.id)])], row.id);
    });

  const onKey = (event: KeyboardEvent<HTMLTableRowElement>) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && event.target === event.currentTarget;
    if (plain && event.key === 'ArrowRight' && folds && !opened) toggle(true);
    else if (plain && event.key === 'ArrowLeft' && opened) toggle(false);
    else if (plain && event.key === 'ArrowLeft') ancestor(event.currentTarget, level)?.focus();
    else if (plain && event.key === 'n') next();
    else return walk(event, () => event.currentTarget.querySelector<HTMLElement>('a')?.click());
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      <tr aria-level={level} aria-expanded={folds ? opened : undefined} data-row="" data-selected={props.selected === row.id ? '' : undefined} tabIndex={0} onKeyDown={onKey}>
        <td style={{ paddingLeft: 8 + (level - 1) * 20 }} className={css.name}>
          {folds ? (
            <button type="button" tabIndex={-1} className={css.fold} data-open={opened ? '' : undefined} aria-label={`${opened ? 'Fold' : 'Unfold'} ${row.prefix}`} onClick={() => toggle(!opened)}>
              <IconChevronDown size={14} aria-hidden="true" />
            </button>
          ) : (
            <span className={css.leaf} />
          )}
          <Link to={recordPath('prefixes', row.id) as never} tabIndex={-1}>
            <code>{row.prefix}</code>
          </Link>
          {row.children > 0 && <small className="muted" title={`${count(row.children)} prefixes within`}>{count(row.children)}</small>}
          {row.is_pool && <span className="tag">pool</span>}
        </td>
        <td className={css.use}>
          <Meter label={`${row.prefix} in use`} share={row.utilisation} text={row.utilisation > 0 && row.utilisation < 1 ? '<1 %' : `${Math.round(row.utilisation)} %`} note={row.status === 'container' ? 'By the prefixes within' : `${count(row.addresses)} addresses${row.mark_utilized ? ', counts as full' : ''}`} />
        </td>
        <td>{row.status && <StatusBadge tone={TONES[row.status] ?? 'unknown'}>{humanise(row.status)}</StatusBadge>}</td>
        <td>{row.role?.display}</td>
        <td>{row.vlan?.display}</td>
        <td>{row.scope?.display}</td>
        <td className={css.text}>{row.description}</td>
        <td className={css.actions}>
          {flat && (
            <Button variant="subtle" size="compact-xs" tabIndex={-1} onClick={() => void reveal()}>
              In the tree
            </Button>
          )}
          <Button variant="subtle" size="compact-xs" tabIndex={-1} leftSection={<IconPlus size={13} />} onClick={next} aria-label={`Next free in ${row.prefix}`}>
            Next free
          </Button>
        </td>
      </tr>
      {opened && <Level {...props} of={{ parent: row.id }} level={level + 1} parent={row} />}
    </>
  );
}

/** Up and down between rows, Enter does what the row is for. */
function walk(event: KeyboardEvent<HTMLTableRowElement>, enter: () => void): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...(event.currentTarget.closest('tbody')?.querySelectorAll<HTMLElement>('tr[data-row]') ?? [])];
  const at = rows.indexOf(event.currentTarget);
  const to: Record<string, number> = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: rows.length - 1 };
  if (event.key === 'Enter') enter();
  else if (event.key in to) rows[to[event.key] ?? at]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** The row of the prefix around this one. */
function ancestor(row: HTMLElement, level: number): HTMLElement | null {
  let at = row.previousElementSibling;
  while (at !== null && Number(at.getAttribute('aria-level')) >= level) at = at.previousElementSibling;
  return at instanceof HTMLElement ? at : null;
}
