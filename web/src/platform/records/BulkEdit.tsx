import { ActionIcon, Button, Drawer, SegmentedControl, Select } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ApiError, post } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Field, Model, Row } from '~/api/types';
import { IconX } from '~/kit/icons';
import { ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { lower, plain, plural } from '~/lib/format';
import { bulkFields, errorsByRow, MOST_ROWS, operationsFor, settingProblems, startOf, type Mode, type Operation, type RowErrors, type Setting } from './bulk';
import { valueOf } from './custom';
import { isList, type FieldErrors } from './fields';
import { FieldInput, OPTIONS } from './FieldInput';
import css from './records.module.css';
import { Value } from './Value';

/** Rows drawn of a preview; the count says how many there are. */
const DRAWN = 100;

interface BulkEditProps {
  /** With its custom fields. */
  model: Model;
  rows: Row[];
  onClose: () => void;
  onDone: () => void;
}

/** What the server would do, or why it would not. */
type Preview = { changed: Row[]; operations: Operation[] } | { refused: RowErrors[]; rest: string[] };

/** One change for the records that are selected: fields, a preview by the server, then all of them or none. */
export function BulkEdit({ model, rows, onClose, onDone }: BulkEditProps) {
  const [settings, setSettings] = useState<Setting[]>([]);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const all = plural(rows.length, lower(model.title), lower(model.title_plural));
  const offered = bulkFields(model).filter((field) => !settings.some((setting) => setting.field.name === field.name));
  const ready = settings.length > 0 && Object.keys(settingProblems(settings)).length === 0;
  const operations = ready ? operationsFor(rows, settings) : [];
  const named = (id: string) => plain(rows.find((row) => row.id === id)?.[model.display] ?? id);
  const many = plural(operations.length, lower(model.title), lower(model.title_plural));

  useEffect(() => {
    if (Object.keys(errors).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);

  const change = (next: Setting[]) => {
    setSettings(next);
    setPreview(null);
    setProblem(null);
    setErrors({});
  };
  const set = (field: Field, more: Partial<Setting>) => change(settings.map((setting) => (setting.field.name === field.name ? { ...setting, ...more } : setting)));
  const add = (name: string | null) => {
    const field = offered.find((each) => each.name === name);
    if (field) change([...settings, startOf(field)]);
  };

  const send = () => {
    const found = settingProblems(settings);
    setErrors(found);
    setProblem(null);
    if (Object.keys(found).length > 0 || operations.length === 0) return;
    // What was seen is what is written: with the versions it was seen at.
    const seen = preview && 'changed' in preview ? preview.operations : null;
    const dry = seen === null;
    setBusy(true);
    post<{ results: { record: Row }[] }>(`${model.path}/actions/batch`, { operations: seen ?? operations, atomic: true }, { query: dry ? { dry_run: true } : {} })
      .then(({ results }) => {
        if (dry) return setPreview({ changed: results.map((result) => result.record), operations });
        void queryClient.invalidateQueries({ queryKey: ['list', model.path] });
        void queryClient.invalidateQueries({ queryKey: ['record', model.path] });
        toast(`${many} changed`);
        onDone();
      })
      .catch((reason: unknown) => {
        if (reason instanceof ApiError && reason.problem.errors && reason.status === 422) {
          const placed = errorsByRow(model, seen ?? operations, reason.problem.errors);
          setPreview({ refused: placed.rows, rest: placed.rest });
          return;
        }
        setPreview(null);
        setProblem(reason);
        // Somebody else was there: the list shows what they did, and the change can be tried again.
        if (reason instanceof ApiError && (reason.status === 412 || reason.status === 404)) void queryClient.invalidateQueries({ queryKey: ['list', model.path] });
      })
      .finally(() => setBusy(false));
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };

  return (
    <Drawer opened onClose={onClose} size={640} title={`Edit ${all}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form ref={form} className="stack" noValidate onSubmit={submit}>
        {rows.length > MOST_ROWS && <ErrorState error={new Error(`At most ${MOST_ROWS} are changed together. Select fewer.`)} />}
        {settings.map(({ field, mode, value }) => (
          <div key={field.name} className={css.setting}>
            <div className="stack" style={{ gap: 4 }}>
              {isList(field) && <SegmentedControl size="xs" aria-label={`${field.label}: how`} data={[{ value: 'add', label: 'Add' }, { value: 'remove', label: 'Take away' }, { value: 'set', label: 'Replace all' }]} value={mode} onChange={(next) => set(field, { mode: next as Mode })} />}
              <FieldInput field={{ ...field, required: mode === 'set' && field.required, help: field.help || (mode === 'set' && !field.required && field.type !== 'boolean' ? 'Left empty, the value is taken away.' : null) }} value={value} error={errors[field.name]} onChange={(next) => set(field, { value: next })} />
            </div>
            <ActionIcon variant="subtle" color="gray" size={28} aria-label={`Leave ${field.label} as it is`} title={`Leave ${field.label} as it is`} onClick={() => change(settings.filter((setting) => setting.field.name !== field.name))}>
              <IconX size={15} />
            </ActionIcon>
          </div>
        ))}
        {offered.length > 0 && <Select {...OPTIONS} key={settings.length} label={settings.length === 0 ? 'What to change' : 'And'} placeholder="Choose a field" data-autofocus={settings.length === 0 ? true : undefined} data={offered.map((field) => ({ value: field.name, label: field.custom?.group ? `${field.label} (${field.custom.group})` : field.label }))} value={null} searchable onChange={add} />}
        {problem !== null && <ErrorState error={problem} />}
        <p role="status" className="muted">
          {!ready ? 'Nothing is written before you have seen what changes.' : operations.length === 0 ? `Nothing changes: ${all} ${rows.length === 1 ? 'has' : 'have'} it already.` : `${many} ${operations.length === 1 ? 'changes' : 'change'}${operations.length < rows.length ? `, ${rows.length - operations.length} ${rows.length - operations.length === 1 ? 'has' : 'have'} it already` : ''}.`}
        </p>
        {preview && 'refused' in preview && <Refused model={model} preview={preview} named={named} many={many} />}
        {preview && 'changed' in preview && <Changed model={model} settings={settings} rows={rows} changed={preview.changed} />}
        <div className="row">
          {preview && 'changed' in preview ? (
            <Button type="submit" loading={busy}>
              Change {many}
            </Button>
          ) : (
            <Button type="submit" loading={busy} disabled={settings.length === 0 || rows.length > MOST_ROWS || (ready && operations.length === 0)}>
              Preview
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Drawer>
  );
}

function Changed({ model, settings, rows, changed }: { model: Model; settings: readonly Setting[]; rows: Row[]; changed: Row[] }) {
  return (
    <section className={css.preview} aria-label="Preview">
      <table className="tabular" aria-label="Preview">
        <thead>
          <tr>
            <th scope="col">{model.title}</th>
            {settings.map(({ field }) => <th key={field.name} scope="col">{field.label}</th>)}
          </tr>
        </thead>
        <tbody>
          {changed.slice(0, DRAWN).map((after) => {
            const before = rows.find((row) => row.id === after.id) ?? after;
            return (
              <tr key={after.id}>
                <th scope="row">{plain(after[model.display] ?? after.id)}</th>
                {settings.map(({ field }) => {
                  const [old, now] = [valueOf(before, field), valueOf(after, field)];
                  const same = JSON.stringify(old ?? null) === JSON.stringify(now ?? null);
                  return (
                    <td key={field.name}>
                      {same ? <Value field={field} value={now} /> : <><del className="muted"><Value field={field} value={old} /></del> → <ins><Value field={field} value={now} /></ins></>}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      {changed.length > DRAWN && <p className="muted">And {changed.length - DRAWN} more.</p>}
    </section>
  );
}

function Refused({ model, preview, named, many }: { model: Model; preview: { refused: RowErrors[]; rest: string[] }; named: (id: string) => string; many: string }) {
  return (
    <section className={css.preview} role="alert">
      <p>
        <strong>None of the {many} was changed:</strong> {preview.refused.length === 1 ? 'one cannot be' : `${preview.refused.length} cannot be`}.
      </p>
      {preview.rest.map((message) => <p key={message}>{message}</p>)}
      <table className="tabular" aria-label="Errors">
        <tbody>
          {preview.refused.slice(0, DRAWN).map((each) => (
            <tr key={each.id}>
              <th scope="row">{named(each.id)}</th>
              <td>
                {Object.entries(each.fields).map(([name, message]) => <div key={name}>{model.fields.find((field) => field.name === name)?.label ?? name}: {message}</div>)}
                {each.rest.map((message) => <div key={message}>{message}</div>)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
