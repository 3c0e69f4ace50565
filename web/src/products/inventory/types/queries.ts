import { queryOptions } from '@tanstack/react-query';
import { call, get, post } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Model, Page, Row } from '~/api/types';
import { copied, known, MAPPING, type Known } from './templates';

export const TYPES = '/api/v1/inventory/device-types';
const PICTURES = '/api/v1/platform/image-attachments';
const MAPPINGS = '/api/v1/inventory/port-template-mappings';

/** Templates of a kind that a type may have here. */
export const MOST_ROWS = 1000;

const rowsOf = (path: string, query: Record<string, string>, signal?: AbortSignal) => get<Page<Row>>(path, { ...query, limit: MOST_ROWS }, signal).then((page) => page.items);

export const templatesQuery = (model: Model, type: string) =>
  queryOptions({ queryKey: ['list', model.path, 'of type', type], queryFn: ({ signal }) => rowsOf(model.path, { device_type: type }, signal) });

/** Which rear port a front port leads to. */
export interface Mapping extends Row {
  front_port: { id: string; display: string };
  front_position: number;
  rear_port: { id: string; display: string };
  rear_position: number;
}

const mappingsOf = (type: string, signal?: AbortSignal) => rowsOf(MAPPINGS, { 'front_port.device_type': type }, signal).then((rows) => rows as Mapping[]);

export const mappingsQuery = (type: string) => queryOptions({ queryKey: ['list', MAPPINGS, 'of type', type], queryFn: ({ signal }) => mappingsOf(type, signal) });

export const refresh = (model: Model) => Promise.all([queryClient.invalidateQueries({ queryKey: ['list', model.path] }), queryClient.invalidateQueries({ queryKey: ['list', MAPPINGS] })]);

/** Creates many, all or none. */
export async function createMany(model: Pick<Model, 'path'>, bodies: readonly Record<string, unknown>[]): Promise<Row[]> {
  if (bodies.length === 0) return [];
  return (await post<{ items: Row[] }>(model.path, bodies, { idempotent: true })).items;
}

export async function changeMany(model: Model, operations: readonly Record<string, unknown>[]): Promise<void> {
  await post(`${model.path}/actions/batch`, { operations, atomic: true });
  await refresh(model);
}

/** Front ports to positions of a rear port, one after the other. */
export const joinPorts = (fronts: readonly Row[], rear: string, first: number) => createMany({ path: MAPPINGS }, fronts.map((front, at) => ({ front_port: front.id, front_position: 1, rear_port: rear, rear_position: first + at })));

/** Takes over what another type has and this one has not, kind by kind; tells how many of each. */
export async function copyTemplates(kinds: readonly Model[], all: readonly Model[], from: string, to: string): Promise<[Model, number][]> {
  const names = new Map<string, string>();
  const ids: Known = new Map();
  const sources = new Map<string, Row[]>();
  for (const model of all) {
    const [theirs, ours] = await Promise.all([rowsOf(model.path, { device_type: from }), rowsOf(model.path, { device_type: to })]);
    sources.set(model.name, theirs);
    for (const row of theirs) names.set(row.id, String(row.name));
    for (const row of ours) ids.set(known(model.name, row.name), row.id);
  }
  const done: [Model, number][] = [];
  const fresh = new Set<string>();
  for (const model of kinds) {
    const wanted = (sources.get(model.name) ?? []).filter((row) => !ids.has(known(model.name, row.name))).map((row) => ({ row, ...copied(model, row, to, names, ids) }));
    const made = await createMany(model, wanted.map(({ body }) => body));
    made.forEach((row, at) => {
      ids.set(known(model.name, row.name), row.id);
      fresh.add(wanted[at]?.row.id ?? '');
    });
    const later = wanted.flatMap(({ later: references }, at) => {
      const data = Object.fromEntries(Object.entries(references).flatMap(([field, name]) => { const id = ids.get(known(model.name, name)); return id ? [[field, id]] : []; }));
      const row = made[at];
      return row && Object.keys(data).length > 0 ? [{ op: 'update', id: row.id, version: row.version, data }] : [];
    });
    if (later.length > 0) await changeMany(model, later);
    await refresh(model);
    done.push([model, made.length]);
  }
  const mappings = (await mappingsOf(from)).filter((each) => fresh.has(each.front_port.id));
  const joined = mappings.flatMap((each) => {
    const front = ids.get(known('inventory.front_port_template', names.get(each.front_port.id)));
    const rear = ids.get(known('inventory.rear_port_template', names.get(each.rear_port.id)));
    return front && rear ? [{ front_port: front, front_position: each.front_position, rear_port: rear, rear_position: each.rear_position }] : [];
  });
  const model = all.find((each) => each.name === MAPPING);
  await createMany({ path: model?.path ?? MAPPINGS }, joined);
  await queryClient.invalidateQueries({ queryKey: ['list', MAPPINGS] });
  return done;
}

export interface Picture extends Row {
  name: string | null;
  file_name: string;
}

export const picturesQuery = (type: string) =>
  queryOptions({ queryKey: ['list', PICTURES, 'of', type], queryFn: ({ signal }) => get<Page<Picture>>(PICTURES, { object_id: type, limit: 100, sort: '-created_at' }, signal).then((page) => page.items), retry: false });

export const pictureUrl = (picture: Picture) => `${PICTURES}/${picture.id}/content`;

/** Puts a picture in the place of the one that is there. */
export async function putPicture(type: string, name: string, file: File, before: Picture | undefined): Promise<void> {
  await call('POST', `${PICTURES}/upload`, { query: { object_type: 'inventory.device_type', object_id: type, name, file_name: file.name }, body: file, type: 'application/octet-stream' });
  if (before) await dropPicture(before);
  await queryClient.invalidateQueries({ queryKey: ['list', PICTURES] });
}

export async function dropPicture(picture: Picture): Promise<void> {
  await call('DELETE', `${PICTURES}/${picture.id}`);
  await queryClient.invalidateQueries({ queryKey: ['list', PICTURES] });
}

/** What an import of documents did, or would do. */
export interface YamlReport {
  created: number;
  updated: number;
  skipped: number;
  documents: { document: number; manufacturer: string | null; model: string | null; result: string; id: string | null; components: number; notes: string[] }[];
  errors: { document: number; errors: { pointer: string; message: string }[] }[];
}

export const importYaml = (text: string, query: { preview?: boolean; update?: boolean }) => post<YamlReport>(`${TYPES}/import`, text, { type: 'application/yaml', query });
