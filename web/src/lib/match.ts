/**
 * Ranks items by how well their title matches: start of title, start of a word, anywhere, letters
 * in order. Items that do not match are left out; an empty text keeps all in their order.
 */
export function rankMatches<T>(items: readonly T[], text: string, title: (item: T) => string): T[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [...items];
  return items
    .map((item, order) => ({ item, order, score: score(title(item).toLowerCase(), wanted) }))
    .filter(({ score: value }) => value > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map(({ item }) => item);
}

function score(title: string, wanted: string): number {
  if (title.startsWith(wanted)) return 4;
  const at = title.indexOf(wanted);
  if (at > 0) return /[\s\-_.:/]/.test(title.charAt(at - 1)) ? 3 : 2;
  let from = 0;
  for (const letter of wanted) {
    from = title.indexOf(letter, from) + 1;
    if (from === 0) return 0;
  }
  return 1;
}
