import { Button, Popover } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Model } from '~/api/types';
import { IconFilter } from '~/kit/icons';
import { Skeleton } from '~/kit/States';
import { filterFields, type Filter } from './filters';

// The inputs of every kind of field come when one filters.
const FilterForm = lazy(() => import('./FilterForm').then((module) => ({ default: module.FilterForm })));

/** Adds one filter. */
export function FilterMenu({ model, onAdd }: { model: Model; onAdd: (filter: Filter) => void }) {
  const [opened, setOpened] = useState(false);
  if (filterFields(model).length === 0) return null;
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilter size={15} />} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add a filter">
        <Suspense fallback={<Skeleton lines={3} />}>
          <FilterForm
            model={model}
            onAdd={(filter) => {
              onAdd(filter);
              setOpened(false);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
