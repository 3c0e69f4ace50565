/** Branches as the API gives them. */

export interface Named {
  id: string;
  display: string;
}

export interface Branch {
  id: string;
  name: string;
  state: 'open' | 'review' | 'merging' | 'merged' | 'reverted' | 'archived';
  description: string | null;
  author: Named | null;
  reviewed_by: Named | null;
  reviewed_at: string | null;
}

export interface Conflict {
  model: string;
  id: string;
  code: string;
  fields: string[];
}

/** One record that a branch changed; of each field what it was, what it is on the main line, and what it is in the branch. */
export interface Difference {
  model: string;
  id: string;
  display: unknown;
  action: 'create' | 'update' | 'delete';
  changes: Record<string, { base: unknown; main: unknown; after: unknown }>;
  conflict: { code: string; fields: string[] } | null;
}

export interface DiffPage {
  totals: { model: string; action: string; count: number }[];
  hidden: number;
  items: Difference[];
  next_cursor: string | null;
}
