import { keepPreviousData, queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError, get } from '~/api/client';
import { modelsQuery } from '~/api/queries';
import type { Model, Page } from '~/api/types';
import { CHOICE_SETS, CUSTOM_FIELDS, hasCustom, withCustom, type ChoiceSet, type Definition } from './custom';

const NONE: never[] = [];

/** Who may not read definitions sees records without them. */
const orNothing = <T>(asked: Promise<Page<T>>) =>
  asked.then(
    (page) => page.items,
    (error: unknown) => {
      if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return NONE;
      throw error;
    },
  );

const definitionsQuery = (model: string) =>
  queryOptions({
    queryKey: ['list', CUSTOM_FIELDS, 'of', model],
    queryFn: ({ signal }) => orNothing(get<Page<Definition>>(CUSTOM_FIELDS, { object_types__contains: model, limit: 1000, sort: 'name' }, signal)),
    staleTime: 60_000,
  });

const setsQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['list', CHOICE_SETS, 'ids', ids],
    queryFn: ({ signal }) => orNothing(get<Page<ChoiceSet>>(CHOICE_SETS, { id__in: ids.join(','), limit: 1000 }, signal)),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

export interface Whole {
  /** The model, with its custom fields as soon as they are known. */
  model: Model;
  pending: boolean;
  error: Error | null;
}

/** A model with the fields that the tenant defined for it. */
export function useWhole(model: Model): Whole {
  const { data: models } = useSuspenseQuery(modelsQuery);
  const has = hasCustom(model);
  const definitions = useQuery({ ...definitionsQuery(model.name), enabled: has });
  const ids = useMemo(() => [...new Set((definitions.data ?? NONE).flatMap((definition) => (definition.choice_set ? [definition.choice_set.id] : [])))].sort(), [definitions.data]);
  const sets = useQuery({ ...setsQuery(ids), enabled: ids.length > 0 });
  const whole = useMemo(() => (definitions.data ? withCustom(model, definitions.data, sets.data ?? NONE, models) : model), [definitions.data, model, models, sets.data]);
  return {
    model: whole,
    pending: has && (definitions.isPending || (ids.length > 0 && sets.isPending)),
    error: definitions.error ?? sets.error,
  };
}
