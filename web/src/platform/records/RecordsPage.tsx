import { useSuspenseQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { modelsQuery } from '~/api/queries';
import { modelPath } from '~/app/navigation';
import { NotFound } from '~/app/NotFound';
import { RecordList } from './RecordList';

/** Every page the server's models describe: the model is found by its address. */
export function RecordsPage() {
  const { data: models } = useSuspenseQuery(modelsQuery);
  const path = useLocation({ select: (location) => location.pathname });
  const model = models.find((each) => modelPath(each) === path.replace(/\/$/, ''));
  return model ? <RecordList key={model.name} model={model} /> : <NotFound />;
}
