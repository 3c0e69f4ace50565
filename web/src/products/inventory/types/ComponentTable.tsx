import { Button } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { ApiError } from '~/api/client';
import type { Field, Model, Row } from '~/api/types';
import { ConfirmDanger } from '~/kit/ConfirmDanger';
import { IconTrash } from '~/kit/icons';
import { ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { count, lower, plain, plural } from '~/lib/format';
import { fieldProblem, initialValues, inputOf, patchBody, type FormValue, type FormValues } from '~/platform/records/fields';
import { Value } from '~/platform/records/Value';
import { byName } from './names';
import { changeMany, type Mapping } from './queries';
import { Rename } from './Rename';
import { cellOf, ownFields, titleOf } from './templates';
import css from './types.module.css';

const BulkEdit = lazy(() => import('~/platform/records/BulkEdit').then((module) => ({ default: module.BulkEdit })));

interface ComponentTableProps {
  model: Model;
  rows: readonly Row[];
  /** Rows of every kind of the type, by the name of its model. */
  siblings: ReadonlyMap<string, readonly Row[]>;
  mappings: readonly Mapping[];
  write: string | undefined;
  remove: string | undefined;
}

type Drafts = Readonly<Record<string, FormValues>>;

/** All of one kind: every cell is edited where it stands, and what was changed is kept together. */
export function ComponentTable({ model, rows, siblings, mappings, write, remove }: ComponentTableProps) {
  const [drafts, setDrafts] = useState<Drafts>({});
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState<'rename' | 'edit' | 'delete' | null>(null);
  const kinds = useMemo(() => new Set(siblings.keys()), [siblings]);
  const fields = useMemo(() => ownFields(model).filter((field) => field.type !== 'generic_reference'), [model]);
  const sorted = useMemo(() => [...rows].sort((a, b) => byName(String(a.name), String(b.name))), [rows]);
  const changed = sorted.flatMap((row) => {
    const draft = drafts[row.id];
    if (!draft) return [];
    try {
      const data = patchBody(model, row, { ...initialValues(model, row), ...draft });
      return Object.keys(data).length > 0 ? [{ row, data }] : [];
    } catch {
      return [{ row, data: {} }];
    }
  });
  const chosen = sorted.filter((row) => selected.has(row.id));
  const title = lower(titleOf(model));
  const toggle = (id: string) => setSelected((now) => new Set(now.has(id) ? [...now].filter((each) => each !== id) : [...now, id]));
  const set = (row: Row, field: Field, value: FormValue) => setDrafts((now) => ({ ...now, [row.id]: { ...now[row.id], [field.name]: value } }));

  const keep = () => {
    const wrong = new Map(sorted.flatMap((row) => fields.flatMap((field): [string, string][] => {
      const value = drafts[row.id]?.[field.name];
      const fault = value === undefined ? null : fieldProblem(field, value, true);
      return fault === null ? [] : [[`${row.id}.${field.name}`, fault]];
    })));
    setFaults(wrong);
    setProblem(wrong.size > 0 ? new Error([...wrong.values()][0]) : null);
    if (wrong.size > 0) return;
    setBusy(true);
    changeMany(model, changed.map(({ row, data }) => ({ op: 'update', id: row.id, version: row.version, data })))
      .then(() => {
        toast(`${plural(changed.length, lower(model.title), lower(model.title_plural))} changed`);
        setDrafts({});
      })
      .catch((reason: unknown) => {
        setProblem(reason);
        if (!(reason instanceof ApiError)) return;
        setFaults(new Map((reason.problem.errors ?? []).flatMap(({ pointer, message }): [string, string][] => {
          const [, at, name] = /^\/operations\/(\d+)\/data\/(\w+)/.exec(pointer ?? '') ?? [];
          const row = changed[Number(at ?? -1)]?.row;
          return row ? [[`${row.id}.${name}`, message]] : [];
        })));
      })
      .finally(() => setBusy(false));
  };

  if (rows.length === 0) return <p className="muted">No {title} yet: add them at the side.</p>;
  const leads = model.name === 'inventory.front_port_template';
  return (
    <div className="stack">
      <div className="row">
        <span className="muted">
          {count(rows.length)} {title}{chosen.length > 0 && `, ${count(chosen.length)} selected`}
        </span>
        <span className="grow" />
        <Button variant="default" disabled={chosen.length === 0 || write !== undefined} title={write} onClick={() => setOpen('rename')}>
          Rename
        </Button>
        <Button variant="default" disabled={chosen.length === 0 || write !== undefined} title={write} onClick={() => setOpen('edit')}>
          Edit together
        </Button>
        <Button variant="outline" color="red" leftSection={<IconTrash size={15} />} disabled={chosen.length === 0 || remove !== undefined} title={remove} onClick={() => setOpen('delete')}>
          Delete{chosen.length > 0 ? ` ${count(chosen.length)}` : ''}
        </Button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take focus (WCAG 2.1.1) */}
      <div className={css.scroll} role="region" aria-label={`All ${title}`} tabIndex={0}>
        <table className={`tabular ${css.cells}`} aria-label={titleOf(model)}>
          <thead>
            <tr>
              <th>
                <input type="checkbox" aria-label={`Select all ${title}`} checked={chosen.length === rows.length} onChange={() => setSelected(new Set(chosen.length === rows.length ? [] : rows.map((row) => row.id)))} />
              </th>
              {fields.map((field) => (
                <th key={field.name} scope="col">
                  {field.label}
                </th>
              ))}
              {leads && <th scope="col">Leads to</th>}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <tr key={row.id} data-changed={drafts[row.id] ? '' : undefined}>
                <td>
                  <input type="checkbox" aria-label={`Select ${String(row.name)}`} checked={selected.has(row.id)} onChange={() => toggle(row.id)} />
                </td>
                {fields.map((field) => (
                  <td key={field.name}>
                    <Cell
                      field={field}
                      row={row}
                      kind={cellOf(field, kinds)}
                      value={drafts[row.id]?.[field.name]}
                      siblings={siblings.get(field.reference?.model ?? '') ?? []}
                      fault={faults.get(`${row.id}.${field.name}`)}
                      disabled={write !== undefined}
                      onChange={(value) => set(row, field, value)}
                    />
                  </td>
                ))}
                {leads && <td>{mappings.filter((each) => each.front_port.id === row.id).map((each) => `${each.rear_port.display} (${each.rear_position})`).join(', ') || <span className="muted">nowhere</span>}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {problem !== null && <ErrorState error={problem} />}
      {changed.length > 0 && (
        <div className={css.keep}>
          <span role="status">{plural(changed.length, 'row')} changed, not kept yet</span>
          <Button variant="default" onClick={() => { setDrafts({}); setFaults(new Map()); setProblem(null); }}>
            Leave as it was
          </Button>
          <Button loading={busy} onClick={keep}>
            Save
          </Button>
        </div>
      )}
      {open === 'rename' && <Rename model={model} rows={chosen} onClose={() => setOpen(null)} />}
      <Suspense fallback={null}>{open === 'edit' && <BulkEdit model={{ ...model, fields: model.fields.filter((field) => fields.includes(field)) }} rows={chosen} onClose={() => setOpen(null)} onDone={() => setOpen(null)} />}</Suspense>
      <ConfirmDanger
        opened={open === 'delete'}
        onClose={() => setOpen(null)}
        title={`Delete ${plural(chosen.length, lower(model.title), lower(model.title_plural))}?`}
        action="Delete"
        onConfirm={() => changeMany(model, chosen.map((row) => ({ op: 'delete', id: row.id, version: row.version }))).then(() => setSelected(new Set()))}
      >
        Devices that are there keep what they have; new ones come without.
      </ConfirmDanger>
    </div>
  );
}

interface CellProps {
  field: Field;
  row: Row;
  kind: ReturnType<typeof cellOf>;
  /** What was typed; undefined is what is stored. */
  value: FormValue | undefined;
  siblings: readonly Row[];
  fault: string | undefined;
  disabled: boolean;
  onChange: (value: FormValue) => void;
}

function Cell({ field, row, kind, value, siblings, fault, disabled, onChange }: CellProps) {
  // Hundreds of rows with a hundred choices each: they come when one is opened.
  const [near, setNear] = useState(false);
  const stored = inputOf(field, row[field.name]);
  const now = value ?? stored;
  const shared = { 'aria-label': `${field.label} of ${plain(row.name)}`, 'aria-invalid': fault !== undefined || undefined, title: fault, disabled };
  if (kind === 'read') return <Value field={field} value={row[field.name]} />;
  if (kind === 'flag') return <input type="checkbox" {...shared} checked={now === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  const text = typeof now === 'string' ? now : '';
  if (kind === 'text') return <input className={css.cell} {...shared} inputMode={field.type === 'text' ? undefined : 'decimal'} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
  const all = kind === 'choice' ? (field.choices ?? []).map((choice) => ({ value: choice.value, label: choice.label })) : siblings.filter((each) => each.id !== row.id).map((each) => ({ value: each.id, label: String(each.name) }));
  const shown = near ? all : all.filter((choice) => choice.value === text);
  return (
    <select className={css.cell} {...shared} value={text} onFocus={() => setNear(true)} onPointerDown={() => setNear(true)} onChange={(event) => onChange(event.currentTarget.value)}>
      {(!field.required || text === '') && <option value="">-</option>}
      {shown.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
