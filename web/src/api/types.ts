/** Documents of the native API as the pages read them. Optional means: an older server may omit it. */

export interface Reference {
  id: string;
  display: string;
}

export interface Tenant {
  id: string;
  slug: string;
  name: string;
  kind?: string;
}

export interface NavEntry {
  path: string;
  title: string;
  icon?: string;
  permission?: string | null;
  order?: number;
}

export interface Me {
  user: { id: string; name: string; email: string | null; display_name: string | null };
  tenant: Tenant | null;
  tenants: Tenant[];
  permissions: string[];
  csrf_token?: string | null;
  must_change_password: boolean;
  version: string;
  navigation: NavEntry[];
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total?: number;
}

export type FieldType =
  | 'text' | 'long_text' | 'integer' | 'decimal' | 'boolean' | 'datetime' | 'uuid' | 'choice' | 'multi_choice'
  | 'reference' | 'multi_reference' | 'generic_reference' | 'ip' | 'prefix' | 'interface' | 'mac' | 'json' | 'secret' | 'tags' | 'list_text' | 'list_prefix'
  | 'list_integer' | 'date' | 'count' | 'custom';

export interface Choice {
  value: string;
  label: string;
  tone?: string | null;
}

export interface ReferenceTarget {
  model: string;
  path: string;
  display: string;
  title?: string;
  /** Narrows what is offered. */
  query?: Record<string, string>;
}

export interface Field {
  name: string;
  label: string;
  type: FieldType;
  required?: boolean;
  read_only?: boolean;
  write_only?: boolean;
  immutable?: boolean;
  unique?: boolean;
  list?: boolean;
  help?: string | null;
  placeholder?: string | null;
  max_length?: number | null;
  min?: number | null;
  max?: number | null;
  default?: unknown;
  unit?: string | null;
  choices?: Choice[] | null;
  /** Where the server finds choices by what is typed, when there are too many to be listed. */
  choices_path?: string | null;
  reference?: ReferenceTarget | null;
  /** What a generic reference may lead to. */
  references?: ReferenceTarget[] | null;
  /** What a count counts: records at this path whose field is this one. */
  counts?: { model: string; path: string; field: string } | null;
  format?: 'slug' | 'color' | 'mac' | 'url' | 'email' | 'lower' | null;
  show_when?: { field: string; in: unknown[] } | null;
  /** A field that the tenant defined; the browser adds these to the model (`records/custom.ts`). */
  custom?: Custom;
}

/** What makes a field one of those that a tenant defines. */
export interface Custom {
  /** Its name in `custom_fields` of a record. */
  name: string;
  kind: CustomKind;
  group: string;
  visible: 'always' | 'if-set' | 'hidden';
  editable: 'yes' | 'no' | 'hidden';
  regex: string | null;
}

export type CustomKind = 'text' | 'longtext' | 'integer' | 'decimal' | 'boolean' | 'date' | 'datetime' | 'url' | 'json' | 'select' | 'multiselect' | 'object' | 'multiobject';

export interface Model {
  name: string;
  product: string;
  collection: string;
  path: string;
  title: string;
  title_plural: string;
  icon?: string | null;
  description?: string | null;
  ui_path: string | null;
  nav_group?: string | null;
  display: string;
  permission: string;
  operations: string[];
  fields: Field[];
  filters: string[];
  /** Operators of each filter; an older server leaves them to us. */
  operators?: Record<string, string[]>;
  searchable?: boolean;
  sortable: string[];
  default_sort?: string | null;
}

export type Row = Record<string, unknown> & { id: string; version?: number };

export interface HistoryEntry {
  version: number;
  at: string;
  actor: { kind: string; id: string | null; name: string | null } | null;
  action: string;
  changes: Record<string, { before: unknown; after: unknown }>;
}

export interface Reason {
  code: string;
  text: string;
  remedy?: string | null;
}

export type JobState = 'available' | 'scheduled' | 'running' | 'retryable' | 'completed' | 'cancelled' | 'discarded';

export interface Job {
  id: string;
  kind: string;
  state: JobState;
  progress: { done: number; total: number | null; message?: string | null; detail?: Record<string, unknown> | null } | null;
  result?: unknown;
  error?: unknown;
  created_at?: string | null;
  started_at?: string | null;
  finished_at?: string | null;
  attempt?: number;
  created_by?: unknown;
}

export interface TableReport {
  table: string;
  declared: number | null;
  read: number;
  complete: boolean;
  note?: string | null;
  reason?: Reason | null;
  seen_at?: string | null;
}

export type TargetState = 'queued' | 'asking' | 'answered' | 'failed' | 'skipped';

export interface Target {
  address: string;
  state: TargetState;
  reason: Reason | null;
  name?: string | null;
  device_id?: string | null;
  /** The address at which the same device was read. */
  same_as?: string | null;
  depth?: number;
  /** How the address became known. */
  origin?: string | null;
  credential?: string | null;
  tables?: TableReport[];
  duration_ms?: number | null;
}

export type DiscoveryState = 'queued' | 'running' | 'completed' | 'cancelled' | 'failed' | JobState;

export interface Discovery {
  id: string;
  job_id: string | null;
  state: DiscoveryState;
  seeds: string[];
  allow: string[];
  started_at?: string | null;
  finished_at?: string | null;
  created_at?: string | null;
  error?: string | null;
  counts: { asked: number; answered: number; failed: number; queued: number; skipped: number };
  targets?: Target[];
}

export type Layer = 'l1' | 'l2' | 'l3';
export type Status = 'ok' | 'warning' | 'critical' | 'unknown';
export type NodeState = 'fresh' | 'stale' | 'gone';
export type LinkState = 'up' | 'down' | 'gone' | 'stale';

export interface TopologyNode {
  id: string;
  kind: string;
  role: string;
  name: string;
  addresses: string[];
  x: number | null;
  y: number | null;
  state: NodeState;
  status: Status;
  vendor?: string | null;
  model?: string | null;
  site?: string | null;
  degree?: number;
  pinned?: boolean;
}

export interface Evidence {
  source: string;
  method: string;
  seen_at: string | null;
  detail?: unknown;
}

export interface TopologyLink {
  id: string;
  layer: Layer;
  kind: string;
  a: { device: string; interface: string | null };
  b: { device: string; interface: string | null };
  state: LinkState;
  confidence: number;
  grade: 'confirmed' | 'likely' | 'inferred' | 'guess';
  first_seen?: string | null;
  last_seen?: string | null;
  lag?: string | null;
  blocked?: boolean;
  evidence: Evidence[];
  contradictions?: { code: string; text: string }[];
}

export interface Topology {
  layer: Layer;
  generated_at: string;
  revision: number;
  nodes: TopologyNode[];
  links: TopologyLink[];
  groups?: unknown[];
}

export interface Neighbour {
  device_id?: string | null;
  name?: string | null;
  interface?: string | null;
  local_interface?: string | null;
  link_id?: string | null;
  layer?: string | null;
}

export interface Interface {
  name: string;
  alias?: string | null;
  index?: number | null;
  type?: string | number | null;
  speed_bps?: number | null;
  mtu?: number | null;
  mac?: string | null;
  admin?: string | null;
  oper?: string | null;
  addresses?: unknown[];
  vlans?: unknown[];
  lag?: string | null;
  neighbours?: Neighbour[];
}

export interface DeviceSummary {
  id: string;
  name: string;
  role?: string | null;
  state?: NodeState;
  status?: Status;
  vendor?: string | null;
  model?: string | null;
  site?: string | null;
  addresses?: unknown[];
  interface_count?: number;
  last_seen?: unknown;
}

export interface IdentityProposal {
  entities: string[];
  /** A subject of each, to be sent back with the decision. */
  subjects: [unknown, unknown];
  score: number;
  keys: { kind: string; value: string }[];
}

export interface Device {
  id: string;
  name: string;
  role: string;
  state: NodeState;
  status?: Status;
  vendor?: string | null;
  model?: string | null;
  site?: string | null;
  facts: Record<string, unknown>;
  addresses: { address: string; prefix_length: number | null; interface: string | null }[];
  interfaces: Interface[];
  neighbours: Neighbour[];
  arp: Record<string, unknown>[];
  identity: {
    keys: { kind: string; value: string; ambiguous?: boolean }[];
    subjects: { source: string; subject: string; assigned_at?: string | null; reason?: string | null }[];
    /** Devices that may be this one, for a person to decide. */
    proposals?: IdentityProposal[];
  };
  tables: TableReport[];
  components: Record<string, unknown>[];
  vlans: Record<string, unknown>[];
  routing: Record<string, Record<string, unknown>[]>;
  last_seen: { source: string; at: string }[];
}

export interface DeviceEvent {
  at: string;
  kind: string;
  text: string;
  before?: unknown;
  after?: unknown;
}

export interface Unplaced {
  id: string;
  what: string;
  text: string;
  seen_on: { device_id: string | null; name: string | null; interface: string | null } | null;
  reason: Reason;
  rescan_helps: boolean;
  source: string;
  seen_at: string | null;
}

/** One thing that somebody said about a difference. */
export interface DriftEvidence {
  side: 'intended' | 'observed';
  source: string;
  seen_at: string;
  method: string;
  detail: string;
}

/** A difference between what should be and what is. */
export interface DriftItem {
  id: string;
  kind: string;
  type: string;
  attr: string;
  severity: string;
  state: string;
  title: string;
  device: string | null;
  entity: string | null;
  device_name: string;
  site: string;
  intended: string | null;
  observed: string | null;
  evidence: DriftEvidence[];
  acceptable: boolean;
  obstacle: string | null;
  first_seen: string;
  last_seen: string;
  opened_at: string | null;
  resolved_at: string | null;
  episodes: number;
  flapping: boolean;
  reason: string | null;
  until: string | null;
  decided_by: string | null;
  decided_at: string | null;
  change: DriftChange | null;
  accepted: { request: string; rule: string | null } | null;
}

/** A change of the network that is to put a difference right. */
export interface DriftChange {
  assignee: string | null;
  due: string | null;
  reference: string | null;
  overdue: boolean;
}

/** What accepts differences by itself; empty lists take everything. */
export interface AcceptanceRuleBody {
  name: string;
  enabled: boolean;
  kinds: string[];
  types: string[];
  fields: string[];
  devices: string[];
  sites: string[];
  sources: string[];
  min_age_minutes: number;
  max_per_hour: number;
  allow_delete: boolean;
}

export interface AcceptanceRule extends AcceptanceRuleBody {
  id: string;
  actor: string;
  updated_at: string;
}

export interface AcceptancePreview {
  would_accept: number;
  later: number;
  items: DriftItem[];
}

export interface DriftDetail {
  item: DriftItem;
  rule: { equality: string; accept: string; owner: string; frames: number; minutes: number } | null;
  repairs: Record<string, unknown>[];
}

export interface DriftSummary {
  counts: { intended: number; covered: number; unverifiable: number; observed: number; comparable: number; alike: number; swallowed: number; shed: number };
  accuracy: number | null;
  coverage: number | null;
  states: Record<string, number>;
  severities: Record<string, number>;
  flapping: number;
  overdue: number;
  compared_at: string;
}

/** What became of a decision on many items. */
export interface DriftDecided {
  done: number;
  refused: { id: string; problem: { title?: string; detail?: string } }[];
}

export interface ImportCandidate {
  entity: string;
  name: string;
  role: string;
  manufacturer: string | null;
  model: string | null;
  serial: string | null;
  platform: string | null;
  place: string | null;
  interfaces: number;
  addresses: number;
  plan: { creates: [string, number][]; site: string; role: string; device_type: string; platform: string; exists: string | null; obstacles: string[]; notes: string[] };
}

export interface ImportLeftOut {
  name: string;
  entity: string | null;
  why: string;
  remedy: string;
}

export interface ImportPreview {
  devices: ImportCandidate[];
  more: number;
  cables: number;
  known: number;
  ambiguous: ImportLeftOut[];
  unplaced: Unplaced[];
}

export interface Host {
  hostname: string;
  interfaces: Record<string, unknown>[];
  addresses: Record<string, unknown>[];
  routes: Record<string, unknown>[];
  neighbours: Record<string, unknown>[];
  sockets: Record<string, unknown>[];
}

/** A record that was found. */
export interface RecordHit {
  id: string;
  model: string;
  title: string;
  title_plural: string;
  icon: string;
  display: string | null;
  /** What it belongs to: the device of an interface. */
  context: string | null;
  url: string;
  matched: { how: 'exact' | 'prefix' | 'network' | 'inside' | 'word' | 'part'; field: string; label: string | null; text: string | null };
}

/** Something on the map that was found. */
export interface SearchHit {
  kind: string;
  id: string;
  title: string;
  subtitle?: string | null;
  url: string;
}
