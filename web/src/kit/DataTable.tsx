import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { Sort } from '~/lib/urlstate';
import css from './kit.module.css';

export interface Column<T> {
  key: string;
  label: string;
  render: (row: T) => ReactNode;
  sortable?: boolean;
  align?: 'right';
  width?: number;
  /** What stands below its head: its filter. */
  below?: ReactNode;
}

export interface DataTableProps<T> {
  /** What the table lists; its accessible name. */
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  /** All rows that match, when the server told. */
  total?: number;
  sort?: Sort | null;
  onSort?: (sort: Sort | null) => void;
  onOpen?: (row: T) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (selected: Set<string>) => void;
  activeKey?: string | null;
  loading?: boolean;
  empty?: ReactNode;
  /** Called when the end of the loaded rows comes into sight. */
  onEnd?: () => void;
  /** Take the height that is left instead of growing with the rows. */
  fill?: boolean;
}

const ROW = 33;
const WINDOW_ABOVE = 120;

/** Every list of the product: a real table, sorted and paged by the server, windowed, keyboard driven. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { columns, rows, rowKey, sort, selected, onSelect, onEnd } = props;
  const frame = useRef<HTMLDivElement>(null);
  const anchor = useRef<number | null>(null);
  const windowed = rows.length > WINDOW_ABOVE && props.fill === true;
  // oxlint-disable-next-line react/incompatible-library -- the virtualizer is meant to return fresh functions
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => ROW, overscan: 12, enabled: windowed });
  const items = windowed ? virtual.getVirtualItems() : null;
  const first = items?.[0]?.index ?? 0;
  const last = items ? (items.at(-1)?.index ?? -1) : rows.length - 1;
  const before = items?.[0]?.start ?? 0;
  const after = items ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  useEffect(() => {
    if (windowed && last >= rows.length - 20) onEnd?.();
  }, [windowed, last, rows.length, onEnd]);

  const toggle = (index: number, range: boolean) => {
    if (!onSelect || !selected) return;
    const next = new Set(selected);
    const row = rows[index];
    if (row === undefined) return;
    if (range && anchor.current !== null) {
      const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
      for (const each of rows.slice(from, to + 1)) next.add(rowKey(each));
    } else if (!next.delete(rowKey(row))) next.add(rowKey(row));
    anchor.current = index;
    onSelect(next);
  };

  const focusRow = (index: number) => {
    const target = Math.max(0, Math.min(rows.length - 1, index));
    if (windowed) virtual.scrollToIndex(target);
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus());
  };

  const onKey = (event: KeyboardEvent<HTMLTableRowElement>, index: number) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[index];
    if (row === undefined) return;
    if (event.key === 'j' || event.key === 'ArrowDown') focusRow(index + 1);
    else if (event.key === 'k' || event.key === 'ArrowUp') focusRow(index - 1);
    else if (event.key === 'Home') focusRow(0);
    else if (event.key === 'End') focusRow(rows.length - 1);
    else if (event.key === 'Enter' && props.onOpen) props.onOpen(row);
    else if (event.key.toLowerCase() === 'x' && onSelect) toggle(index, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const nothing = rows.length === 0 && !props.loading;
  // With filters in the heads there is something to keep on the page: the reason why nothing is left.
  const filtered = columns.some((column) => column.below !== undefined);
  if (nothing && props.empty && !filtered) return <div className={css.frame}>{props.empty}</div>;

  const allSelected = selected !== undefined && rows.length > 0 && rows.every((row) => selected.has(rowKey(row)));
  const span = columns.length + (onSelect ? 1 : 0);
  const heads = filtered ? 2 : 1;
  const indices = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);

  return (
    <div
      ref={frame}
      className={css.frame}
      data-fill={props.fill ? '' : undefined}
      role="region"
      aria-label={props.label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take focus (WCAG 2.1.1)
      tabIndex={0}
    >
      <table className={css.table} aria-label={props.label} aria-rowcount={(props.total ?? rows.length) + heads} aria-busy={props.loading || undefined}>
        <thead>
          <tr aria-rowindex={1}>
            {onSelect && (
              <th className={css.check}>
                <input
                  type="checkbox"
                  aria-label="Select all loaded rows"
                  checked={allSelected}
                  onChange={() => onSelect(allSelected ? new Set() : new Set(rows.map(rowKey)))}
                />
              </th>
            )}
            {columns.map((column) => {
              const active = sort?.key === column.key;
              return (
                <th
                  key={column.key}
                  scope="col"
                  data-align={column.align}
                  style={column.width ? { width: column.width } : undefined}
                  aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : undefined}
                >
                  {column.sortable && props.onSort ? (
                    <button
                      type="button"
                      className={css.sort}
                      onClick={() => props.onSort?.(active ? (sort.descending ? null : { key: column.key, descending: true }) : { key: column.key, descending: false })}
                    >
                      {column.label}
                      <span aria-hidden="true">{active ? (sort.descending ? '▼' : '▲') : ''}</span>
                    </button>
                  ) : (
                    column.label
                  )}
                </th>
              );
            })}
          </tr>
          {filtered && (
            <tr aria-rowindex={2} className={css.below}>
              {onSelect && <td />}
              {columns.map((column) => (
                <td key={column.key}>{column.below}</td>
              ))}
            </tr>
          )}
        </thead>
        <tbody>
          {nothing && props.empty && (
            <tr>
              <td colSpan={span} className={css.nothing}>
                {props.empty}
              </td>
            </tr>
          )}
          {before > 0 && (
            <tr aria-hidden="true">
              <td colSpan={span} style={{ height: before, padding: 0, border: 0 }} />
            </tr>
          )}
          {indices.map((index) => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              <tr
                key={key}
                aria-rowindex={index + heads + 1}
                data-index={index}
                data-open={props.onOpen ? '' : undefined}
                data-selected={selected?.has(key) || props.activeKey === key ? '' : undefined}
                tabIndex={index === first ? 0 : -1}
                onKeyDown={(event) => onKey(event, index)}
                onClick={(event) => {
                  if (!(event.target instanceof Element) || event.target.closest('a, button, input, label')) return;
                  if (window.getSelection()?.toString()) return;
                  props.onOpen?.(row);
                }}
              >
                {onSelect && (
                  <td className={css.check}>
                    <input type="checkbox" aria-label="Select row" checked={selected?.has(key) ?? false} onChange={() => undefined} onClick={(event) => toggle(index, event.shiftKey)} />
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.key} data-align={column.align}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && (
            <tr aria-hidden="true">
              <td colSpan={span} style={{ height: after, padding: 0, border: 0 }} />
            </tr>
          )}
          {props.loading &&
            rows.length === 0 &&
            Array.from({ length: 6 }, (_, line) => (
              <tr key={line} aria-hidden="true">
                <td colSpan={span}>
                  <div className={css.skeleton} style={{ width: `${80 - ((line * 17) % 45)}%` }} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

export function TableFoot({ children }: { children: ReactNode }) {
  return <div className={css.foot}>{children}</div>;
}
