/** Where records are shown. */
import type { Model, ReferenceTarget } from '~/api/types';
import { modelPath } from '~/app/navigation';

/** The page of one record. */
export function recordPagePath(model: Model, id: string): string {
  return `${modelPath(model)}/${encodeURIComponent(id)}`;
}

/** The page of what a reference leads to; null when its model has no page. */
export function targetPath(models: readonly Model[], target: Pick<ReferenceTarget, 'model'> | null | undefined, id: string): string | null {
  const model = models.find((each) => each.name === target?.model);
  return model ? recordPagePath(model, id) : null;
}
