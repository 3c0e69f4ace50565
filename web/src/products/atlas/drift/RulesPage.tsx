import { Button, MultiSelect, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { del, messageOf, post, put } from '~/api/client';
import type { AcceptancePreview, AcceptanceRule, AcceptanceRuleBody } from '~/api/types';
import { may, useMe } from '~/app/session';
import { ConfirmDanger } from '~/kit/ConfirmDanger';
import { DataTable, type Column } from '~/kit/DataTable';
import { IconCheck, IconPlus } from '~/kit/icons';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { StatusBadge } from '~/kit/Status';
import { humanise, plural } from '~/lib/format';
import { refreshDrift } from './decide';
import { acceptanceRulesQuery } from './queries';

const RULES = '/api/v1/atlas/drift/acceptance-rules';
const EMPTY: AcceptanceRuleBody = { name: '', enabled: false, kinds: [], types: [], fields: [], devices: [], sites: [], sources: [], min_age_minutes: 60, max_per_hour: 50, allow_delete: false };
const KINDS = ['device', 'interface', 'address', 'cable'].map((value) => ({ value, label: humanise(value) }));
const TYPES = ['missing', 'unexpected', 'different', 'misplaced', 'conflict'].map((value) => ({ value, label: humanise(value) }));

/** The rule as it is sent: without what the server adds. */
export function bodyOf(rule: AcceptanceRuleBody): AcceptanceRuleBody {
  const { name, enabled, kinds, types, fields, devices, sites, sources, min_age_minutes, max_per_hour, allow_delete } = rule;
  return { name, enabled, kinds, types, fields, devices, sites, sources, min_age_minutes, max_per_hour, allow_delete };
}

/** What a rule takes, in a few words. */
export function ruleText(rule: AcceptanceRuleBody): string {
  const parts: [string, string[]][] = [['', rule.kinds], ['', rule.types], ['fields', rule.fields], ['devices', rule.devices], ['sites', rule.sites], ['seen by', rule.sources]];
  const words = parts.filter(([, list]) => list.length > 0).map(([what, list]) => `${what} ${list.join(', ')}`.trim());
  return words.length === 0 ? 'everything' : words.join('; ');
}

/** Rules that accept differences by themselves. */
export function RulesPage() {
  const me = useMe();
  const rules = useQuery(acceptanceRulesQuery);
  const [edited, setEdited] = useState<AcceptanceRule | 'new' | null>(null);
  const mayWrite = may(me, 'atlas/drift:admin');
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setEdited('new')}>
      New rule
    </Button>
  );
  const close = () => {
    setEdited(null);
    refreshDrift();
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>Rules that accept drift</h1>
        <p>What a rule takes is written to the inventory by itself, with the rule as the reason. The first rule by name decides.</p>
        <span className="row" style={{ marginLeft: 'auto' }}>
          <Link to="/drift">Back to drift</Link>
          {add}
        </span>
      </div>
      {rules.isError ? (
        <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />
      ) : rules.data ? (
        <DataTable
          label="Rules"
          columns={COLUMNS}
          rows={rules.data.items}
          rowKey={(rule) => rule.id}
          onOpen={mayWrite ? (rule) => setEdited(rule) : undefined}
          empty={
            <EmptyState icon={IconCheck} title="Nothing is accepted by itself" actions={add}>
              A rule accepts what people would accept anyway: descriptions, speeds, new addresses. Every rule is off until you switch it on.
            </EmptyState>
          }
        />
      ) : (
        <Skeleton lines={6} />
      )}
      {edited !== null && <RuleForm key={edited === 'new' ? 'new' : edited.id} rule={edited === 'new' ? null : edited} onClose={close} />}
    </div>
  );
}

const COLUMNS: Column<AcceptanceRule>[] = [
  { key: 'name', label: 'Rule', render: (rule) => rule.name },
  { key: 'enabled', label: 'State', render: (rule): ReactNode => <StatusBadge tone={rule.enabled ? 'ok' : 'unknown'}>{rule.enabled ? 'On' : 'Off'}</StatusBadge> },
  { key: 'takes', label: 'Takes', render: (rule) => ruleText(rule) },
  { key: 'age', label: 'Open for', render: (rule) => `${rule.min_age_minutes} min` },
  { key: 'most', label: 'At most', render: (rule) => `${rule.max_per_hour} an hour` },
];

function RuleForm({ rule, onClose }: { rule: AcceptanceRule | null; onClose: () => void }) {
  const [body, setBody] = useState<AcceptanceRuleBody>(rule ? bodyOf(rule) : EMPTY);
  const [preview, setPreview] = useState<AcceptancePreview | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const set = (change: Partial<AcceptanceRuleBody>) => {
    setBody((before) => ({ ...before, ...change }));
    setPreview(null);
  };
  const run = (task: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    task()
      .catch((reason: unknown) => setError(messageOf(reason)))
      .finally(() => setBusy(false));
  };
  const save = () =>
    run(async () => {
      if (rule) await put(`${RULES}/${rule.id}`, body);
      else await post(RULES, body);
      onClose();
    });
  const look = () => run(async () => setPreview(await post<AcceptancePreview>(`${RULES}/actions/preview`, body)));
  return (
    <form
      className="stack"
      noValidate
      aria-label={rule ? `Rule ${rule.name}` : 'New rule'}
      style={{ maxWidth: 640 }}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <h2 style={{ margin: 0 }}>{rule ? rule.name : 'New rule'}</h2>
      {error !== null && <p role="alert">{error}</p>}
      <TextInput label="Name" required withAsterisk={false} maxLength={100} value={body.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      <MultiSelect label="Kinds" placeholder={body.kinds.length === 0 ? 'Any' : undefined} data={KINDS} value={body.kinds} onChange={(kinds) => set({ kinds })} />
      <MultiSelect label="Types" placeholder={body.types.length === 0 ? 'Any' : undefined} data={TYPES} value={body.types} onChange={(types) => set({ types })} />
      <TagsInput label="Fields" description="mtu, description, serial ...; existence for what is missing or unexpected itself" value={body.fields} onChange={(fields) => set({ fields })} />
      <TagsInput label="Devices" description="Names; * stands for any text" value={body.devices} onChange={(devices) => set({ devices })} />
      <TagsInput label="Sites" value={body.sites} onChange={(sites) => set({ sites })} />
      <TagsInput label="Sources" description="snmp ...: all observations must come from these" value={body.sources} onChange={(sources) => set({ sources })} />
      <TextInput label="Open for at least, in minutes" inputMode="numeric" value={String(body.min_age_minutes)} onChange={(event) => set({ min_age_minutes: whole(event.currentTarget.value) })} />
      <TextInput label="Accept at most, within an hour" inputMode="numeric" value={String(body.max_per_hour)} onChange={(event) => set({ max_per_hour: whole(event.currentTarget.value) })} />
      <Switch label="May also delete interfaces and cables that are missing" checked={body.allow_delete} onChange={(event) => set({ allow_delete: event.currentTarget.checked })} />
      <Switch label="On" checked={body.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
      {preview && (
        <section aria-label="What it would do" role="status">
          <p style={{ margin: 0 }}>
            Would accept {plural(preview.would_accept, 'difference')} now{preview.later > 0 && `, ${preview.later} more once they are old enough`}.
          </p>
          <ul>
            {preview.items.slice(0, 10).map((item) => (
              <li key={item.id}>
                {item.title}: {item.intended ?? 'nothing'} becomes {item.observed ?? 'nothing'}
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="row">
        <Button type="submit" loading={busy}>
          Save
        </Button>
        <Button variant="default" loading={busy} onClick={look}>
          What would it do?
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        {rule && (
          <Button variant="default" onClick={() => setDeleting(true)}>
            Delete
          </Button>
        )}
      </div>
      {rule && (
        <ConfirmDanger opened={deleting} onClose={() => setDeleting(false)} title={`Delete the rule ${rule.name}?`} action="Delete" onConfirm={() => del(`${RULES}/${rule.id}`).then(onClose)}>
          What it accepted stays accepted.
        </ConfirmDanger>
      )}
    </form>
  );
}

const whole = (text: string) => Number.parseInt(text.replaceAll(/\D/g, '') || '0', 10);
