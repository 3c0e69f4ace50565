import { Button, Popover, Select, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Model } from '~/api/types';
import { IconFilter } from '~/kit/icons';
import { filterFields, OP_WORDS, operatorsOf, type Filter, type Op } from './filters';

/** Adds one filter: field, how, value. */
export function FilterMenu({ model, onAdd }: { model: Model; onAdd: (filter: Filter) => void }) {
  const fields = filterFields(model);
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState(fields[0]?.name ?? '');
  const [op, setOp] = useState<Op | null>(null);
  const [value, setValue] = useState('');
  const field = fields.find((each) => each.name === name);
  if (!field) return null;
  const ops = operatorsOf(model, field);
  const chosen = op !== null && ops.includes(op) ? op : (ops[0] ?? 'eq');
  const boolean = field.type === 'boolean' || chosen === 'isnull';
  const choices = boolean ? [{ value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }] : (field.choices ?? []).map((choice) => ({ value: choice.value, label: choice.label }));
  const picks = choices.length > 0 && chosen !== 'in';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value === '') return;
    onAdd({ field: field.name, op: chosen, value: field.type === 'datetime' && chosen !== 'isnull' ? new Date(value).toISOString() : value });
    setValue('');
    setOpened(false);
  };

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilter size={15} />} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add a filter">
        <form onSubmit={submit} className="stack" style={{ width: 240 }}>
          <Select label="Field" data={fields.map((each) => ({ value: each.name, label: each.label }))} value={name} allowDeselect={false} comboboxProps={{ withinPortal: false }} onChange={(next) => { setName(next ?? name); setValue(''); }} />
          <Select label="Condition" data={ops.map((each) => ({ value: each, label: OP_WORDS[each] }))} value={chosen} allowDeselect={false} comboboxProps={{ withinPortal: false }} onChange={(next) => setOp(next)} />
          {picks ? (
            <Select label="Value" data={choices} value={value || null} allowDeselect={false} comboboxProps={{ withinPortal: false }} onChange={(next) => setValue(next ?? '')} />
          ) : (
            <TextInput label="Value" description={chosen === 'in' ? 'Several with commas' : undefined} type={field.type === 'datetime' ? 'datetime-local' : 'text'} value={value} onChange={(event) => setValue(event.currentTarget.value)} />
          )}
          <Button type="submit" disabled={value === ''}>
            Add filter
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
