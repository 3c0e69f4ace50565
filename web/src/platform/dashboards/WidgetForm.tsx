import { Button, MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { modelsQuery } from '~/api/queries';
import type { Field, Model } from '~/api/types';
import { may, useMe } from '~/app/session';
import { FieldInput, OPTIONS } from '~/platform/records/FieldInput';
import { useWhole } from '~/platform/records/useWhole';
import { viewsQuery } from '~/platform/records/useViews';
import { mayUse, viewParams } from '~/platform/records/views';
import { formatQuery, parseQuery } from '~/lib/urlstate';
import { chartFields } from './chart';
import { KIND_WORDS, type Widget } from './layout';
import { limitOf, listOf, textOf } from './parts';

interface WidgetFormProps {
  widget: Pick<Widget, 'kind' | 'title' | 'config'>;
  action: string;
  onDone: (title: string, config: Record<string, unknown>) => void;
  onCancel: () => void;
}

type Set = (name: string, value: unknown) => void;
type Config = Record<string, unknown>;

/** Kinds of records one may list, by their names. */
function useListed(): { value: string; label: string; model: Model }[] {
  const me = useMe();
  const { data: models } = useSuspenseQuery(modelsQuery);
  return models
    .filter((model) => model.operations.includes('list') && may(me, `${model.permission}:read`))
    .map((model) => ({ value: model.name, label: model.title_plural, model }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

/** What a widget shows, and what it is called. */
export function WidgetForm({ widget, action, onDone, onCancel }: WidgetFormProps) {
  const [title, setTitle] = useState(widget.title);
  const [config, setConfig] = useState<Config>(widget.config);
  const set: Set = (name, value) => setConfig((now) => ({ ...now, [name]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDone(title.trim(), config);
  };
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <p className="muted">{KIND_WORDS[widget.kind].what}.</p>
      <TextInput label="Title" placeholder={KIND_WORDS[widget.kind].title} maxLength={100} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      <Settings kind={widget.kind} config={config} set={set} />
      <div className="row">
        <Button type="submit">{action}</Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Settings({ kind, config, set }: { kind: Widget['kind']; config: Config; set: Set }) {
  const listed = useListed();
  switch (kind) {
    case 'counts':
      return <MultiSelect {...OPTIONS} label="Kinds of records" data={listed.map(({ value, label }) => ({ value, label }))} value={listOf(config, 'models')} maxValues={12} searchable onChange={(models) => set('models', models)} />;
    case 'records':
      return <RecordsSettings config={config} set={set} listed={listed} />;
    case 'chart':
      return <ChartSettings config={config} set={set} listed={listed} />;
    case 'note':
      return <Textarea label="Text" description="Addresses in it can be opened." rows={8} resize="vertical" maxLength={8000} value={textOf(config, 'text')} onChange={(event) => set('text', event.currentTarget.value)} />;
    case 'map':
      return <Select {...OPTIONS} label="Layer" data={[{ value: 'l1', label: 'Layer 1: cables' }, { value: 'l2', label: 'Layer 2: neighbours' }, { value: 'l3', label: 'Layer 3: routing' }]} value={textOf(config, 'layer') || 'l2'} allowDeselect={false} onChange={(layer) => set('layer', layer)} />;
    case 'rack':
      return (
        <>
          <Reference listed={listed} model="inventory.rack" label="Rack" required value={textOf(config, 'rack')} onChange={(rack) => set('rack', rack)} />
          <Select {...OPTIONS} label="Side" data={[{ value: 'front', label: 'Front' }, { value: 'rear', label: 'Rear' }]} value={textOf(config, 'face') || 'front'} allowDeselect={false} onChange={(face) => set('face', face)} />
        </>
      );
    case 'prefixes':
      return (
        <>
          <Reference listed={listed} model="inventory.vrf" label="Table (VRF)" value={textOf(config, 'vrf')} onChange={(vrf) => set('vrf', vrf)} />
          <Reference listed={listed} model="inventory.prefix" label="Within" help="The prefixes directly below it. Empty: those at the top." value={textOf(config, 'parent')} onChange={(parent) => set('parent', parent)} />
          <Limit label="How many" name="top" fallback={5} config={config} set={set} />
        </>
      );
    case 'changes':
    case 'jobs':
      return <Limit label="Rows" name="limit" fallback={8} config={config} set={set} />;
    default:
      return null;
  }
}

function Limit({ label, name, fallback, config, set }: { label: string; name: string; fallback: number; config: Config; set: Set }) {
  return <TextInput label={label} type="number" min={1} max={100} value={String(limitOf(config, name, fallback))} onChange={(event) => set(name, Math.max(1, Math.min(100, Number(event.currentTarget.value) || fallback)))} />;
}

function Reference({ listed, model, label, help = null, required = false, value, onChange }: { listed: { model: Model }[]; model: string; label: string; help?: string | null; required?: boolean; value: string; onChange: (id: string) => void }) {
  const target = listed.find((each) => each.model.name === model)?.model;
  if (!target) return <p className="muted">{label}: you may not read any.</p>;
  const field: Field = { name: model, label, help, type: 'reference', required, reference: { model, path: target.path, display: target.display } };
  return <FieldInput field={field} value={value} onChange={(next) => onChange(typeof next === 'string' ? next : '')} />;
}

interface OfModel {
  config: Config;
  set: Set;
  listed: { value: string; label: string; model: Model }[];
}

function ModelSelect({ config, set, listed, clears }: OfModel & { clears: readonly string[] }) {
  const pick = (model: string | null) => {
    set('model', model ?? '');
    for (const name of clears) set(name, undefined);
  };
  return <Select {...OPTIONS} label="Records" required data={listed.map(({ value, label }) => ({ value, label }))} value={textOf(config, 'model') || null} searchable allowDeselect={false} onChange={pick} />;
}

function RecordsSettings(props: OfModel) {
  const { config, listed } = props;
  const model = listed.find((each) => each.value === textOf(config, 'model'))?.model;
  return (
    <>
      <ModelSelect {...props} clears={['view', 'parameters', 'columns']} />
      {model && <ListSettings key={model.name} {...props} model={model} />}
    </>
  );
}

function ListSettings({ config, set, model: bare }: OfModel & { model: Model }) {
  const me = useMe();
  const { model } = useWhole(bare);
  const views = useQuery(viewsQuery(model.name));
  const [typed, setTyped] = useState(() => formatQuery((config.parameters ?? {}) as Record<string, unknown>).slice(1));
  const offered = (views.data ?? []).filter((view) => mayUse(me, view));
  return (
    <>
      <Select {...OPTIONS} label="Saved view" description="Its filters, columns and order. Kept at the list itself." placeholder={offered.length === 0 ? 'None is kept for it' : 'None'} data={offered.map((view) => ({ value: view.id, label: view.name }))} value={textOf(config, 'view') || null} clearable onChange={(view) => set('view', view ?? undefined)} />
      {textOf(config, 'view') === '' && (
        <>
          <TextInput
            label="Filters"
            description="As in the address of the list: status=active&sort=-name"
            spellCheck={false}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              set('parameters', viewParams(model, parseQuery(event.currentTarget.value.replace(/^.*\?/, ''))));
            }}
          />
          <MultiSelect {...OPTIONS} label="Columns" placeholder={listOf(config, 'columns').length === 0 ? 'The first of the list' : undefined} data={model.fields.filter((field) => !field.write_only && field.type !== 'custom').map((field) => ({ value: field.name, label: field.label }))} value={listOf(config, 'columns')} maxValues={6} searchable onChange={(columns) => set('columns', columns)} />
        </>
      )}
      <Limit label="Rows" name="limit" fallback={10} config={config} set={set} />
    </>
  );
}

function ChartSettings(props: OfModel) {
  const { config, set, listed } = props;
  const offered = listed.filter(({ model }) => chartFields(model).length > 0);
  const model = offered.find((each) => each.value === textOf(config, 'model'))?.model;
  return (
    <>
      <ModelSelect {...props} listed={offered} clears={['field']} />
      {model && <Select {...OPTIONS} label="By" required data={chartFields(model).map((field) => ({ value: field.name, label: field.label }))} value={textOf(config, 'field') || null} searchable allowDeselect={false} onChange={(field) => set('field', field)} />}
    </>
  );
}
