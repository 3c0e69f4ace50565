/** What a found record is told apart by. Pure. */

interface Found {
  title: string;
  display: string | null;
  context: string | null;
  matched: { field: string; label: string | null; text: string | null };
}

/** What it belongs to, and the value that was found when that is not its name. */
export function hitHint({ title, display, context, matched }: Found): string {
  const value = matched.text !== null && matched.text !== display ? `${matched.label ?? matched.field}: ${matched.text.length > 48 ? `${matched.text.slice(0, 47)}…` : matched.text}` : '';
  return [context ?? '', value].filter(Boolean).join(', ') || title;
}

/** Records by kind, kinds in the order of their best hit. */
export function groupHits<T extends { title_plural: string }>(hits: readonly T[]): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const hit of hits) {
    const group = groups.get(hit.title_plural);
    if (group) group.push(hit);
    else groups.set(hit.title_plural, [hit]);
  }
  return [...groups];
}
