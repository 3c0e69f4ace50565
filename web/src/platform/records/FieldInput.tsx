import { MultiSelect, PasswordInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get } from '~/api/client';
import type { Choice, Field, Page, Row } from '~/api/types';
import { plain } from '~/lib/format';
import { isList, splitGeneric, type FormValue } from './fields';
import css from './records.module.css';

export interface FieldInputProps {
  field: Field;
  value: FormValue;
  error?: string;
  disabled?: boolean;
  /** The record's stored value, when editing. */
  stored?: unknown;
  /** In a dialog that closes when something outside of it is used. */
  inside?: boolean;
  onChange: (value: FormValue) => void;
}

/** The list of choices scrolls itself: a box that scrolls around it would have to take focus (WCAG 2.1.1). */
export const OPTIONS = { withScrollArea: false, classNames: { options: css.options } } as const;

/** Choices stand inside the dialog: one that is open does not close it, and the focus stays in it. */
export const INSIDE = { ...OPTIONS, comboboxProps: { withinPortal: false } } as const;

/** From this many choices on one types to find one; this many are drawn at once. */
const FEW = 15;
const MOST = 200;

/** The input for a field of any type; the one place that knows which. */
export function FieldInput(props: FieldInputProps) {
  const { field, value, error, disabled, onChange } = props;
  const shared = {
    label: field.unit ? `${field.label} (${field.unit})` : field.label,
    description: field.help ?? undefined,
    placeholder: field.placeholder ?? undefined,
    error,
    disabled,
    required: field.required,
  };
  const place = props.inside ? INSIDE : OPTIONS;
  const asText = typeof value === 'string' ? value : '';
  const asList = Array.isArray(value) ? value : [];
  const choices = (field.choices ?? []).map((choice) => ({ value: choice.value, label: choice.label }));

  if (field.choices_path) return <ChoiceInput {...props} />;
  switch (field.type) {
    case 'boolean':
      return <Switch label={shared.label} description={shared.description} error={error} disabled={disabled} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'choice':
      return <Select {...shared} {...place} data={choices} searchable={choices.length > FEW} limit={MOST} value={asText || null} clearable={!field.required} allowDeselect={!field.required} onChange={(next) => onChange(next ?? '')} />;
    case 'multi_choice':
      return <MultiSelect {...shared} {...place} data={choices} searchable={choices.length > FEW} limit={MOST} value={asList} onChange={onChange} clearable />;
    case 'reference':
    case 'multi_reference':
      return <ReferenceInput {...props} />;
    case 'generic_reference':
      return <GenericInput {...props} />;
    case 'secret':
      return <SecretInput {...props} />;
    case 'long_text':
      return <Textarea {...shared} rows={4} resize="vertical" value={asText} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'json':
      return <Textarea {...shared} rows={8} resize="vertical" spellCheck={false} styles={{ input: { fontFamily: 'var(--mono)', fontSize: 12 } }} value={asText} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'date':
      return <TextInput {...shared} type="date" value={asText} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'datetime':
      return <TextInput {...shared} type="datetime-local" value={asText} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'integer':
    case 'decimal':
      return <TextInput {...shared} inputMode={field.type === 'integer' ? 'numeric' : 'decimal'} value={asText} onChange={(event) => onChange(event.currentTarget.value)} />;
    default:
      if (isList(field)) {
        return <TagsInput {...shared} description={shared.description ?? 'Enter or a comma adds one'} data={[]} splitChars={[',', ' ', '\n']} value={asList} onChange={onChange} clearable />;
      }
      return <TextInput {...shared} maxLength={undefined} spellCheck={field.type === 'text'} value={asText} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
}

/** Write-only: says whether something is stored; what is typed replaces it. */
function SecretInput({ field, value, error, disabled, stored, onChange }: FieldInputProps) {
  const has = typeof stored === 'object' && stored !== null && 'has_value' in stored && stored.has_value === true;
  return (
    <PasswordInput
      label={field.label}
      description={has ? 'A value is stored and never shown. Leave this empty to keep it.' : (field.help ?? undefined)}
      placeholder={has ? 'unchanged' : (field.placeholder ?? undefined)}
      error={error}
      disabled={disabled}
      required={field.required && !has}
      autoComplete="off"
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ 'aria-label': `Show ${field.label.toLowerCase()}` }}
    />
  );
}

/** First what kind of record, then which. */
function GenericInput({ field, value, error, disabled, stored, onChange }: FieldInputProps) {
  const { type, id } = splitGeneric(typeof value === 'string' ? value : '');
  const target = field.references?.find((each) => each.model === type) ?? null;
  const kept = typeof stored === 'object' && stored !== null && 'type' in stored && stored.type === type ? stored : undefined;
  const kinds = (field.references ?? []).map((each) => ({ value: each.model, label: each.title ?? each.model }));
  return (
    <>
      <Select
        {...OPTIONS}
        label={`${field.label}: kind`}
        description={field.help ?? undefined}
        data={kinds}
        value={type || null}
        error={target === null ? error : undefined}
        disabled={disabled}
        required={field.required}
        searchable
        clearable
        onChange={(next) => onChange(next === null ? '' : `${next}:`)}
      />
      {target !== null && (
        <ReferenceInput
          key={type}
          field={{ ...field, type: 'reference', reference: target, help: null, required: true }}
          value={id}
          error={error}
          disabled={disabled}
          stored={kept}
          onChange={(next) => onChange(typeof next === 'string' && next !== '' ? `${type}:${next}` : `${type}:`)}
        />
      )}
    </>
  );
}

/** What was typed, once the typing pauses. */
function useTyped(): [asked: string, setTyped: (text: string) => void] {
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  return [asked, setTyped];
}

/** Picks choices out of more than can be listed, found by the server as one types. */
function ChoiceInput({ field, value, error, disabled, inside, onChange }: FieldInputProps) {
  const [asked, setTyped] = useTyped();
  const found = useQuery({
    queryKey: ['list', field.choices_path, asked],
    queryFn: ({ signal }) => get<{ items: Choice[] }>(field.choices_path ?? '', { limit: 50, q: asked || undefined }, signal),
    placeholderData: (previous) => previous,
  });
  const chosen = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string' && each !== '').map(String);
  const labels = new Map(chosen.map((each) => [each, each]));
  for (const choice of [...(field.choices ?? []), ...(found.data?.items ?? [])]) labels.set(choice.value, choice.label);
  const shared = {
    label: field.label,
    description: field.help ?? undefined,
    placeholder: field.placeholder || 'Type to search',
    error,
    disabled,
    required: field.required,
    data: [...labels].map(([each, label]) => ({ value: each, label })),
    limit: MOST,
    searchable: true,
    clearable: true,
    nothingFoundMessage: found.isFetching ? 'Searching' : 'Nothing found',
    onSearchChange: setTyped,
  };
  const place = inside ? INSIDE : OPTIONS;
  if (field.type === 'multi_choice') return <MultiSelect {...shared} {...place} value={chosen} onChange={onChange} />;
  return <Select {...shared} {...place} value={chosen[0] ?? null} onChange={(next) => onChange(next ?? '')} />;
}

/** Picks records of another model, found by the server as one types. */
function ReferenceInput({ field, value, error, disabled, stored, inside, onChange }: FieldInputProps) {
  const [asked, setTyped] = useTyped();
  const target = field.reference;
  const found = useQuery({
    queryKey: ['list', target?.path, 'pick', asked, target?.query],
    queryFn: ({ signal }) => get<Page<Row>>(target?.path ?? '', { ...target?.query, limit: 50, q: asked || undefined }, signal),
    enabled: target !== null && target !== undefined,
    placeholderData: (previous) => previous,
  });
  const options = new Map<string, string>();
  for (const each of Array.isArray(stored) ? stored : [stored]) {
    if (typeof each === 'object' && each !== null && 'id' in each) options.set(String(each.id), plain(each));
  }
  for (const row of found.data?.items ?? []) options.set(row.id, plain(row[target?.display ?? 'name'] ?? row.id));
  const data = [...options].map(([id, label]) => ({ value: id, label }));
  const shared = {
    label: field.label,
    description: field.help ?? undefined,
    placeholder: field.placeholder || 'Type to search',
    error,
    disabled,
    required: field.required,
    data,
    searchable: true,
    clearable: true,
    nothingFoundMessage: found.isFetching ? 'Searching' : 'Nothing found',
    onSearchChange: setTyped,
  };
  const place = inside ? INSIDE : OPTIONS;
  if (field.type === 'multi_reference') return <MultiSelect {...shared} {...place} value={Array.isArray(value) ? value : []} onChange={onChange} />;
  return <Select {...shared} {...place} value={typeof value === 'string' && value !== '' ? value : null} onChange={(next) => onChange(next ?? '')} />;
}
