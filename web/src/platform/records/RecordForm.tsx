import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ApiError, call } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Field, Model, Row } from '~/api/types';
import { ErrorState } from '~/kit/States';
import { grouped, valueOf } from './custom';
import { createBody, formFields, initialValues, isShown, isWritten, patchBody, placeErrors, validate, type FieldErrors, type FormValues } from './fields';
import { FieldInput } from './FieldInput';
import { lower } from '~/lib/format';
import css from './records.module.css';

export interface RecordFormProps {
  /** With its custom fields: `useWhole`. */
  model: Model;
  /** The record to edit with its entity tag; null creates one. */
  row: Row | null;
  etag: string | null;
  /** Why it cannot be saved, if so. */
  denied?: string;
  onSaved: (row: Row, created: boolean) => void;
  onCancel: () => void;
  /** Load the record anew after somebody else changed it. */
  onReload?: () => void;
}

/** The one form: drawn from the model, checked here and by the server, saved by create or merge patch. */
export function RecordForm({ model, row, etag, denied, onSaved, onCancel, onReload }: RecordFormProps) {
  const [values, setValues] = useState<FormValues>(() => initialValues(model, row));
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);
  const editing = row !== null;
  const conflict = problem instanceof ApiError && problem.status === 412;

  useEffect(() => {
    if (Object.keys(errors).length > 0) formRef.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);

  const save = (force: boolean) => {
    const found = validate(model, values, editing);
    setErrors(found);
    setProblem(null);
    if (Object.keys(found).length > 0) return;
    const body = row ? patchBody(model, row, values) : createBody(model, values);
    if (row && Object.keys(body).length === 0) {
      onCancel();
      return;
    }
    setBusy(true);
    const request = row
      ? call<Row>('PATCH', `${model.path}/${row.id}`, { body, ifMatch: force ? undefined : etag })
      : call<Row>('POST', model.path, { body, idempotent: true });
    request
      .then(({ data }) => {
        void queryClient.invalidateQueries({ queryKey: ['list', model.path] });
        void queryClient.invalidateQueries({ queryKey: ['record', model.path] });
        onSaved(data, !editing);
      })
      .catch((reason: unknown) => {
        if (reason instanceof ApiError && reason.problem.errors) {
          const placed = placeErrors(model, reason.problem.errors);
          setErrors(placed.fields);
          if (placed.rest.length === 0) return;
          setProblem(new ApiError({ ...reason.problem, errors: placed.rest.map((message) => ({ message })) }));
        } else setProblem(reason);
      })
      .finally(() => setBusy(false));
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(false);
  };

  const fields = formFields(model, editing).filter((field) => isShown(field, values));
  const input = (field: Field) => (
    <FieldInput
      key={field.name}
      field={field}
      value={values[field.name] ?? ''}
      error={errors[field.name]}
      disabled={denied !== undefined || (editing && field.immutable === true) || !isWritten(field)}
      stored={row ? valueOf(row, field) : undefined}
      onChange={(next) => setValues((current) => ({ ...current, [field.name]: next }))}
    />
  );

  return (
    <form ref={formRef} onSubmit={submit} noValidate className="stack">
      {conflict ? (
        <div className="stack" role="alert">
          <ErrorState error={new ApiError({ title: 'Somebody else changed this record', status: 412, detail: 'Load their version and make your change again, or save yours over it. Only the fields you changed are written.' })} />
          <div className="row">
            <Button variant="default" onClick={onReload}>
              Load their version
            </Button>
            <Button variant="outline" color="red" onClick={() => save(true)}>
              Save mine over it
            </Button>
          </div>
        </div>
      ) : (
        problem !== null && <ErrorState error={problem} />
      )}
      {fields.filter((field) => !field.custom).map(input)}
      {grouped(fields.filter((field) => field.custom)).map(([group, own]) => (
        <fieldset key={group} className={css.group}>
          <legend>{group || 'Custom fields'}</legend>
          <div className="stack">{own.map(input)}</div>
        </fieldset>
      ))}
      <div className="row">
        <Button type="submit" loading={busy} disabled={denied !== undefined} title={denied}>
          {editing ? 'Save' : `Create ${lower(model.title)}`}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        {denied && <span className="muted">{denied}</span>}
      </div>
    </form>
  );
}
