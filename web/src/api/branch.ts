/** The branch one works in. Kept for this tab, so that two tabs can be in two branches; `?branch=` of a link enters one. */

/** A branch as far as the shell needs it. */
export interface Entered {
  id: string;
  name: string;
}

const KEY = 'portolan.branch';
const UUID = /^[0-9a-f-]{36}$/;

/** Paths whose answers depend on a branch: records of products and what people write about them. */
const BRANCHED = /^\/api\/v1\/(inventory\/|platform\/(tags|journal-entries|bookmarks|config-templates|export-templates)\b)/;

function valid(value: unknown): value is Entered {
  return typeof value === 'object' && value !== null && 'id' in value && 'name' in value && typeof value.id === 'string' && typeof value.name === 'string' && UUID.test(value.id);
}

function read(): Entered | null {
  try {
    const linked = new URLSearchParams(window.location.search).get('branch');
    if (linked !== null && UUID.test(linked)) return { id: linked, name: linked };
    const saved: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return valid(saved) ? saved : null;
  } catch {
    // Storage can be switched off: then one is on the main line.
    return null;
  }
}

let current = read();

export const enteredBranch = (): Entered | null => current;

/** The branch of a request, when its answer depends on one. */
export function branchOf(path: string): string | undefined {
  return current !== null && BRANCHED.test(path) ? current.id : undefined;
}

/** Enters a branch, or goes back to the main line. Everything on the page is old then: it is loaded anew. */
export function enterBranch(branch: Entered | null): void {
  current = branch;
  try {
    if (branch === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(branch));
  } catch {
    // Without storage the branch ends with this page.
  }
  const address = new URL(window.location.href);
  address.searchParams.delete('branch');
  window.location.assign(address);
}
