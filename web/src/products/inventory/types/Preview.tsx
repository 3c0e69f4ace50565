import type { Model, Row } from '~/api/types';
import { count } from '~/lib/format';
import { collapse } from './names';
import { titleOf } from './templates';

/** What a device of the type comes with: by kind and by type of connector, names as ranges. */
export function Preview({ kinds, siblings }: { kinds: readonly Model[]; siblings: ReadonlyMap<string, readonly Row[]> }) {
  const parts = kinds.flatMap((model) => {
    const rows = siblings.get(model.name) ?? [];
    const type = model.fields.find((field) => field.name === 'type');
    const groups = new Map<string, string[]>();
    for (const row of rows) {
      const word = type?.choices?.find((choice) => choice.value === row.type)?.label ?? '';
      groups.set(word, [...(groups.get(word) ?? []), String(row.name)]);
    }
    return [...groups].map(([word, names]) => ({ model, word, names }));
  });
  if (parts.length === 0) return <p className="muted">A device of this type comes with nothing.</p>;
  return (
    <div className="scroll-x">
      <table className="tabular" aria-label="A new device comes with">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Type</th>
            <th scope="col" className="num">
              How many
            </th>
            <th scope="col">Names</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ model, word, names }) => (
            <tr key={`${model.name}.${word}`}>
              <th scope="row">{titleOf(model)}</th>
              <td>{word || '-'}</td>
              <td className="num">{count(names.length)}</td>
              <td style={{ overflowWrap: 'anywhere' }}>
                <code>{collapse(names).join(', ')}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
