/** Whether held permissions cover one. `object:admin`, `object:*`, `product/*` and `*` stand for more than themselves. */
export function covers(held: readonly string[], wanted: string | null | undefined): boolean {
  if (!wanted) return true;
  const [object = '', action = ''] = wanted.split(':');
  const product = object.split('/')[0] ?? '';
  return held.some((each) => {
    const [heldObject = '', heldAction = '*'] = each.split(':');
    const fits = heldObject === '*' || heldObject === '*/*' || heldObject === object || heldObject === `${product}/*`;
    return fits && (heldAction === '*' || heldAction === 'admin' || heldAction === action);
  });
}
