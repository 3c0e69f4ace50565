import { IconSearch } from '~/kit/icons';
import { EmptyState } from '~/kit/States';

export function NotFound() {
  return (
    <div className="page">
      <h1>Not found</h1>
      <EmptyState icon={IconSearch} title="There is nothing at this address">
        It may have been removed, or belong to another tenant. Press <kbd>Ctrl K</kbd> to search for it.
      </EmptyState>
    </div>
  );
}
