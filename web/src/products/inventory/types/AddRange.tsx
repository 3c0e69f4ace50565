import { Button, Select, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiError, messageOf } from '~/api/client';
import type { Model, Row } from '~/api/types';
import { ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { lower, plural } from '~/lib/format';
import { createBody, fieldProblem, initialValues, type FieldErrors, type FormValues } from '~/platform/records/fields';
import { FieldInput, OPTIONS } from '~/platform/records/FieldInput';
import { expand } from './names';
import { createMany, joinPorts, refresh } from './queries';
import { ownFields, titleOf } from './templates';
import css from './types.module.css';

interface AddRangeProps {
  model: Model;
  type: string;
  /** Names that are taken. */
  taken: ReadonlySet<string>;
  /** Rear ports of the type, which front ports may lead to. */
  rears: readonly Row[];
  denied: string | undefined;
}

const read = (pattern: string): { names: string[]; wrong: string | null } => {
  try {
    return { names: pattern.trim() === '' ? [] : expand(pattern.trim()), wrong: null };
  } catch (error) {
    return { names: [], wrong: messageOf(error) };
  }
};

/** Adds many at once: names and labels by a pattern, all else the same for all. */
export function AddRange({ model, type, taken, rears, denied }: AddRangeProps) {
  const [pattern, setPattern] = useState('');
  const [labels, setLabels] = useState('');
  const [values, setValues] = useState<FormValues>(() => initialValues(model, null));
  const [rear, setRear] = useState<string | null>(null);
  const [first, setFirst] = useState('1');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const named = read(pattern);
  const labelled = read(labels);
  const again = named.names.filter((name) => taken.has(name));
  const wrong = named.wrong ?? (again.length > 0 ? `Taken already: ${again.slice(0, 3).join(', ')}${again.length > 3 ? ' and more' : ''}.` : null);
  const wrongLabels = labelled.wrong ?? (labelled.names.length > 1 && labelled.names.length !== named.names.length ? `${plural(labelled.names.length, 'label')} for ${plural(named.names.length, 'name')}: give one, or one for each.` : null);
  const joined = model.name === 'inventory.front_port_template' && rears.length > 0;
  const title = lower(titleOf(model));
  // What is needed, and what one mostly says; the rest is set in the table.
  const asked = ownFields(model).filter((field) => !['name', 'label', 'description'].includes(field.name) && (field.required || ['type', 'enabled', 'mgmt_only', 'positions', 'power_port', 'cooling_intake', 'poe_mode', 'poe_type', 'feed_leg', 'maximum_draw'].includes(field.name)));
  // Siblings are of this type alone.
  const ofType = asked.map((field) => (field.reference?.model.endsWith('_template') ? { ...field, reference: { ...field.reference, query: { device_type: type } } } : field));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = Object.fromEntries(asked.flatMap((field): [string, string][] => { const fault = fieldProblem(field, values[field.name] ?? '', false); return fault === null ? [] : [[field.name, fault]]; }));
    setErrors(found);
    setProblem(null);
    if (Object.keys(found).length > 0 || named.names.length === 0 || wrong !== null || wrongLabels !== null) return;
    setBusy(true);
    const { device_type: _type, module_type: _module, ...shared } = createBody(model, { ...values, name: 'x' });
    createMany(model, named.names.map((name, at) => ({ ...shared, device_type: type, name, ...(labelled.names.length === 0 ? {} : { label: labelled.names[at] ?? labelled.names[0] }) })))
      .then(async (made) => {
        if (joined && rear !== null) await joinPorts(made, rear, Number(first) || 1).catch((reason: unknown) => setProblem(new ApiError({ title: 'The front ports are there, but lead nowhere', status: 422, detail: messageOf(reason) })));
        await refresh(model);
        toast(`${plural(made.length, lower(model.title), lower(model.title_plural))} added`);
        setPattern('');
        setLabels('');
      })
      .catch((reason: unknown) => setProblem(reason))
      .finally(() => setBusy(false));
  };

  return (
    <form className="stack" noValidate onSubmit={submit}>
      <TextInput label="Names" required placeholder="eth[0-47]" description="[0-47], [a-d], [0,2,4-6]; several brackets make every pair" spellCheck={false} value={pattern} error={wrong} onChange={(event) => setPattern(event.currentTarget.value)} />
      <p className={css.preview} role="status">
        {named.names.length === 0 ? 'Say how they are called.' : `${plural(named.names.length, 'name')}: ${named.names.length <= 4 ? named.names.join(', ') : `${named.names.slice(0, 3).join(', ')} … ${named.names.at(-1) ?? ''}`}`}
      </p>
      <TextInput label="Labels" placeholder="[1-48]" description="What is printed beside them, when it is not the name" spellCheck={false} value={labels} error={wrongLabels} onChange={(event) => setLabels(event.currentTarget.value)} />
      {ofType.map((field) => (
        <FieldInput key={field.name} field={field} value={values[field.name] ?? ''} error={errors[field.name]} onChange={(next) => setValues((now) => ({ ...now, [field.name]: next }))} />
      ))}
      {joined && (
        <div className={css.pair}>
          <Select {...OPTIONS} label="Lead to rear port" placeholder="Nowhere yet" data={rears.map((row) => ({ value: row.id, label: String(row.name) }))} value={rear} clearable searchable onChange={setRear} />
          <TextInput label="From position" type="number" min={1} max={1024} value={first} disabled={rear === null} onChange={(event) => setFirst(event.currentTarget.value)} />
        </div>
      )}
      {problem !== null && <ErrorState error={problem} />}
      <div className="row">
        <Button type="submit" loading={busy} disabled={denied !== undefined || named.names.length === 0 || wrong !== null || wrongLabels !== null} title={denied}>
          {named.names.length === 0 ? `Add ${title}` : `Add ${named.names.length}`}
        </Button>
      </div>
    </form>
  );
}
