import { useSuspenseQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { modelsQuery } from '~/api/queries';
import { modelPath } from '~/app/navigation';
import { NotFound } from '~/app/NotFound';
import { Skeleton } from '~/kit/States';
import { RecordList } from './RecordList';

const ImportPage = lazy(() => import('./ImportPage').then((module) => ({ default: module.ImportPage })));
const RecordPage = lazy(() => import('./RecordPage').then((module) => ({ default: module.RecordPage })));

/** Every page the server's models describe: the model is found by its address, one record by its id behind it. */
export function RecordsPage() {
  const { data: models } = useSuspenseQuery(modelsQuery);
  const path = useLocation({ select: (location) => location.pathname.replace(/\/$/, '') });
  const model = models.find((each) => modelPath(each) === path);
  if (model) return <RecordList key={model.name} model={model} />;
  const cut = path.lastIndexOf('/');
  const last = path.slice(cut + 1);
  const of = models.find((each) => modelPath(each) === path.slice(0, cut));
  if (!of) return <NotFound />;
  return (
    <Suspense fallback={<div className="page"><Skeleton /></div>}>
      {last === 'import' && of.operations.includes('create') ? <ImportPage key={path} model={of} /> : <RecordPage key={path} model={of} id={decodeURIComponent(last)} />}
    </Suspense>
  );
}
