import { ActionIcon, Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Field, Model } from '~/api/types';
import { IconChevronDown, IconColumns } from '~/kit/icons';
import { moved, offeredColumns } from './columns';
import css from './records.module.css';

/** From this many fields on there is a box to find one. */
const MANY = 12;

interface ColumnPickerProps {
  model: Model;
  shown: string[];
  /** The new list; empty means as the model has it. */
  onChange: (columns: string[]) => void;
}

/** Chooses columns and their order. */
export function ColumnPicker({ model, shown, onChange }: ColumnPickerProps) {
  const [find, setFind] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const offered = offeredColumns(model);
  const chosen = shown.flatMap((name) => offered.find((field) => field.name === name) ?? []);
  const others = offered.filter((field) => !shown.includes(field.name) && field.label.toLowerCase().includes(find.trim().toLowerCase()));

  const move = (field: Field, by: number) => {
    onChange(moved(shown, field.name, by));
    // The row has another place now: keep the focus on the same arrow, or on the one that still works.
    requestAnimationFrame(() => {
      const arrows = [...(list.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])].filter((button) => button.dataset.of === field.name);
      (arrows.find((button) => Number(button.dataset.by) === by && !button.disabled) ?? arrows.find((button) => !button.disabled))?.focus();
    });
  };
  const arrow = (field: Field, at: number, by: number) => (
    <ActionIcon variant="subtle" color="gray" size={24} data-of={field.name} data-by={by} aria-label={`Move ${field.label} ${by < 0 ? 'to the left' : 'to the right'}`} disabled={by < 0 ? at === 0 : at === chosen.length - 1} onClick={() => move(field, by)}>
      <IconChevronDown size={14} style={by < 0 ? { transform: 'rotate(180deg)' } : undefined} />
    </ActionIcon>
  );

  return (
    <Popover position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns size={15} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <div className={css.columns} ref={list}>
          <ol aria-label="Shown, in this order">
            {chosen.map((field, at) => (
              <li key={field.name}>
                <Checkbox label={field.label} checked disabled={chosen.length === 1} onChange={() => onChange(shown.filter((name) => name !== field.name))} />
                <span>
                  {arrow(field, at, -1)}
                  {arrow(field, at, 1)}
                </span>
              </li>
            ))}
          </ol>
          {offered.length > MANY && <TextInput aria-label="Find a column" placeholder="Find a column" value={find} onChange={(event) => setFind(event.currentTarget.value)} />}
          <ul aria-label="Not shown">
            {others.map((field) => (
              <li key={field.name}>
                <Checkbox label={field.label} checked={false} onChange={() => onChange([...shown, field.name])} />
                {field.custom && <small className="muted">{field.custom.group || 'custom'}</small>}
              </li>
            ))}
          </ul>
          <Button variant="subtle" onClick={() => onChange([])}>
            As it was
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
