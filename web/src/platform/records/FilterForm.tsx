import { Button, Select, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Field, Model } from '~/api/types';
import { FieldInput, INSIDE } from './FieldInput';
import type { FormValue } from './fields';
import { filterFields, filterName, OP_WORDS, operatorsOf, type Filter, type Op } from './filters';

/** From this many fields on one types to find one. */
const FEW = 12;

const YES_NO = [{ value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }];

interface FilterFormProps {
  model: Model;
  onAdd: (filter: Filter) => void;
}

/** One filter to be added: field, how, value. */
export function FilterForm({ model, onAdd }: FilterFormProps) {
  const fields = filterFields(model);
  const [name, setName] = useState(fields[0]?.name ?? '');
  const [op, setOp] = useState<Op | null>(null);
  const [value, setValue] = useState<FormValue>('');
  const first = useRef<HTMLInputElement>(null);
  // It comes after the dialog that it stands in has taken the focus.
  useEffect(() => first.current?.focus(), []);
  const field = fields.find((each) => each.name === name) ?? fields[0];
  if (!field) return null;
  const ops = operatorsOf(model, field);
  const chosen = op !== null && ops.includes(op) ? op : (ops[0] ?? 'eq');
  const text = (Array.isArray(value) ? value.join(',') : String(value)).trim();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text === '') return;
    onAdd({ field: filterName(field), op: chosen, value: field.type === 'datetime' && chosen !== 'isnull' ? new Date(text).toISOString() : text });
  };

  return (
    <form onSubmit={submit} className="stack" style={{ width: 260 }}>
      <Select ref={first} label="Field" {...INSIDE} openOnFocus={false} data={fields.map((each) => ({ value: each.name, label: each.label }))} searchable={fields.length > FEW} value={field.name} allowDeselect={false} onChange={(next) => { setName(next ?? name); setValue(''); }} />
      <Select label="Condition" {...INSIDE} data={ops.map((each) => ({ value: each, label: OP_WORDS[each] }))} value={chosen} allowDeselect={false} onChange={(next) => { setOp(next); setValue(''); }} />
      <ValueInput key={`${field.name}.${chosen}`} field={field} op={chosen} value={value} onChange={setValue} />
      <Button type="submit" disabled={text === ''}>
        Add filter
      </Button>
    </form>
  );
}

/** What is compared with: records by their names, choices by their words, all else as text. */
function ValueInput({ field, op, value, onChange }: { field: Field; op: Op; value: FormValue; onChange: (value: FormValue) => void }) {
  const asText = typeof value === 'string' ? value : '';
  if (field.type === 'boolean' || op === 'isnull') return <Select label="Value" {...INSIDE} data={YES_NO} value={asText || null} allowDeselect={false} onChange={(next) => onChange(next ?? '')} />;
  const several = op === 'in';
  const comparable = op === 'eq' || op === 'ne' || op === 'in' || (op === 'contains' && field.custom !== undefined);
  if (comparable && field.reference) return <FieldInput field={{ ...bare(field), type: several ? 'multi_reference' : 'reference' }} value={value} inside onChange={onChange} />;
  if (comparable && (field.choices?.length ?? 0) > 0) return <FieldInput field={{ ...bare(field), type: several ? 'multi_choice' : 'choice' }} value={value} inside onChange={onChange} />;
  const type = field.type === 'datetime' ? 'datetime-local' : field.type === 'date' ? 'date' : 'text';
  return <TextInput label="Value" description={several ? 'Several with commas' : undefined} type={several ? 'text' : type} value={asText} onChange={(event) => onChange(event.currentTarget.value)} />;
}

/** The field without what only a form says of it. */
const bare = (field: Field): Field => ({ ...field, label: 'Value', help: null, required: false, default: null });
