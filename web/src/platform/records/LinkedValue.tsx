import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { modelsQuery } from '~/api/queries';
import type { Field } from '~/api/types';
import { plain } from '~/lib/format';
import { targetPath } from './paths';
import { Value } from './Value';

interface Named {
  id: string;
  type?: string;
}

function isNamed(value: unknown): value is Named {
  return typeof value === 'object' && value !== null && 'id' in value;
}

/** One field of a record, read; what it refers to can be opened. */
export function LinkedValue({ field, value }: { field: Field; value: unknown }) {
  const { data: models } = useSuspenseQuery(modelsQuery);
  const link = (each: Named) => {
    const target = field.type === 'generic_reference' ? { model: each.type ?? '' } : field.reference;
    const path = targetPath(models, target, each.id);
    return path === null ? <span key={each.id}>{plain(each)}</span> : <Link key={each.id} to={path as never}>{plain(each)}</Link>;
  };
  if (field.type === 'multi_reference' && Array.isArray(value) && value.length > 0) {
    return (
      <span className="row" style={{ gap: '2px 10px' }}>
        {value.filter(isNamed).map(link)}
      </span>
    );
  }
  if ((field.type === 'reference' || field.type === 'generic_reference') && isNamed(value)) return link(value);
  if (field.format === 'color' && typeof value === 'string' && /^[\da-f]{6}$/i.test(value)) {
    return (
      <span className="row" style={{ gap: 6 }}>
        <svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="3" style={{ fill: `#${value}` }} /></svg>
        <code>{value}</code>
      </span>
    );
  }
  return <Value field={field} value={value} />;
}
