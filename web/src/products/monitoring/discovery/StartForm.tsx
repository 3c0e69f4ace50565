import { Button, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ApiError, get, post } from '~/api/client';
import { modelsQuery, queryClient } from '~/api/queries';
import type { Page, Row } from '~/api/types';
import { IconPlus, IconRadar } from '~/kit/icons';
import { ErrorState } from '~/kit/States';
import { plain } from '~/lib/format';
import { RecordForm } from '~/platform/records/RecordForm';
import { parseAllow, parseSeeds, suggestAllow } from './parse';

const CREDENTIALS = '/api/v1/monitoring/credentials';

type Errors = Partial<Record<'seeds' | 'credentials' | 'allow' | 'max_depth' | 'max_devices' | 'port' | 'rate', string>>;

/** `/seeds/0` and `/seeds` both belong to the seeds field. */
export function placeStartErrors(errors: readonly { pointer?: string; message: string }[]): Errors {
  const placed: Errors = {};
  for (const { pointer, message } of errors) {
    const name = (pointer?.split('/')[1] ?? 'seeds') as keyof Errors;
    placed[name] = placed[name] ? `${placed[name]} ${message}` : message;
  }
  return placed;
}

function wholeNumber(text: string, min: number, max: number): string | undefined {
  return /^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max ? undefined : `A whole number from ${min} to ${max}.`;
}

export function StartForm({ onStarted, onCancel }: { onStarted: (id: string) => void; onCancel: () => void }) {
  const { data: models } = useSuspenseQuery(modelsQuery);
  const credentials = useQuery({ queryKey: ['list', CREDENTIALS, 'pick'], queryFn: ({ signal }) => get<Page<Row>>(CREDENTIALS, { limit: 200 }, signal) });
  const model = models.find((each) => each.path === CREDENTIALS);
  const [seeds, setSeeds] = useState('');
  const [allow, setAllow] = useState<string | null>(null);
  const [picked, setPicked] = useState<string[] | null>(null);
  const [limits, setLimits] = useState({ max_depth: '8', max_devices: '5000', port: '161', rate: '50' });
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [creating, setCreating] = useState(false);

  const options = (credentials.data?.items ?? []).map((row) => ({ value: row.id, label: plain(row.name ?? row.id) }));
  // One credential: it is the one that is meant.
  const chosen = picked ?? (options.length === 1 ? options.map((option) => option.value) : []);
  const allowText = allow ?? suggestAllow(parseSeeds(seeds).items);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsedSeeds = parseSeeds(seeds);
    const parsedAllow = parseAllow(allowText);
    const found: Errors = {
      seeds: parsedSeeds.problem ?? undefined,
      allow: parsedAllow.problem ?? undefined,
      credentials: chosen.length === 0 ? 'Choose a credential, or create one.' : undefined,
      max_depth: wholeNumber(limits.max_depth, 0, 64),
      max_devices: wholeNumber(limits.max_devices, 1, 100_000),
      port: wholeNumber(limits.port, 1, 65_535),
      rate: wholeNumber(limits.rate, 1, 10_000),
    };
    setErrors(found);
    setProblem(null);
    if (Object.values(found).some((message) => message !== undefined)) return;
    setBusy(true);
    post<{ id: string }>(
      '/api/v1/monitoring/discoveries',
      { seeds: parsedSeeds.items, credentials: chosen, allow: parsedAllow.items, max_depth: Number(limits.max_depth), max_devices: Number(limits.max_devices), port: Number(limits.port), rate: Number(limits.rate) },
      { idempotent: true },
    )
      .then(({ id }) => {
        void queryClient.invalidateQueries({ queryKey: ['discoveries'] });
        onStarted(id);
      })
      .catch((reason: unknown) => {
        if (reason instanceof ApiError && reason.problem.errors?.length) setErrors(placeStartErrors(reason.problem.errors));
        else setProblem(reason);
      })
      .finally(() => setBusy(false));
  };

  if (creating && model) {
    return (
      <div className="stack">
        <h2>New credential</h2>
        <RecordForm
          model={model}
          row={null}
          etag={null}
          onCancel={() => setCreating(false)}
          onSaved={(row) => {
            void credentials.refetch().then(() => {
              setPicked([...chosen, row.id]);
              setCreating(false);
            });
          }}
        />
      </div>
    );
  }

  const limit = (name: keyof typeof limits, label: string, description: string) => (
    <TextInput label={label} description={description} inputMode="numeric" value={limits[name]} error={errors[name]} onChange={(event) => setLimits({ ...limits, [name]: event.currentTarget.value })} />
  );

  return (
    <form onSubmit={submit} noValidate className="stack">
      {problem !== null && <ErrorState error={problem} />}
      <Textarea label="Start from" description="Addresses of one or more routers or switches" placeholder="10.1.99.1" rows={2} resize="vertical" required spellCheck={false} data-autofocus value={seeds} error={errors.seeds} styles={{ input: { fontFamily: 'var(--mono)' } }} onChange={(event) => setSeeds(event.currentTarget.value)} />
      <div className="row" style={{ alignItems: 'flex-end', flexWrap: 'nowrap' }}>
        <MultiSelect
          className="grow"
          label="Credentials"
          description={options.length === 0 && !credentials.isPending ? 'There is none yet: create the first one' : 'Tried in their order of priority'}
          data={options}
          value={chosen}
          error={errors.credentials}
          required
          onChange={setPicked}
          placeholder={chosen.length === 0 ? 'Choose' : undefined}
        />
        {model && (
          <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
            New
          </Button>
        )}
      </div>
      <Textarea label="Stay inside" description="Prefixes discovery may enter. No packet goes anywhere else." placeholder="10.0.0.0/8" rows={2} resize="vertical" required spellCheck={false} value={allowText} error={errors.allow} styles={{ input: { fontFamily: 'var(--mono)' } }} onChange={(event) => setAllow(event.currentTarget.value)} />
      <details>
        <summary style={{ minHeight: 24, cursor: 'pointer' }}>Limits: depth {limits.max_depth}, port {limits.port}, {limits.rate} packets per second and device</summary>
        <div className="grid" style={{ marginTop: 8 }}>
          <div className="span-6">{limit('max_depth', 'Depth', 'Hops from a seed; 0 asks the seeds alone')}</div>
          <div className="span-6">{limit('max_devices', 'Devices', 'Stop after this many')}</div>
          <div className="span-6">{limit('port', 'UDP port', 'Where agents listen')}</div>
          <div className="span-6">{limit('rate', 'Packets per second', 'For each device, so that it is not harmed')}</div>
        </div>
      </details>
      <div className="row">
        <Button type="submit" leftSection={<IconRadar size={15} />} loading={busy}>
          Start
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
