import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { discoveryQuery, isActive, jobQuery, queryClient } from '~/api/queries';
import { openJob } from '~/api/stream';
import type { Job } from '~/api/types';

const POLL_MS = 1500;

/**
 * A discovery with its live progress: the job's stream pushes, the document follows at most once a
 * second; when the stream is lost, both are polled.
 */
export function useRun(id: string) {
  const [streaming, setStreaming] = useState(false);
  const run = useQuery({ ...discoveryQuery(id), refetchInterval: (query) => (query.state.data && isActive(query.state.data.state) ? POLL_MS : false) });
  const jobId = run.data?.job_id ?? undefined;
  const active = run.data ? isActive(run.data.state) : false;
  const job = useQuery({ ...jobQuery(jobId ?? ''), enabled: jobId !== undefined, refetchInterval: active && !streaming ? POLL_MS : false });

  useEffect(() => {
    if (!jobId || !active) return;
    let refresh: ReturnType<typeof setTimeout> | undefined;
    const again = () => void queryClient.invalidateQueries({ queryKey: ['discovery', id] });
    const close = openJob<Job>(jobId, {
      progress: (document) => {
        setStreaming(true);
        queryClient.setQueryData(['job', jobId], document);
        refresh ??= setTimeout(() => {
          refresh = undefined;
          again();
        }, 1000);
      },
      end: () => {
        setStreaming(false);
        again();
        void queryClient.invalidateQueries({ queryKey: ['job', jobId] });
        for (const key of ['topology', 'unplaced', 'discoveries']) void queryClient.invalidateQueries({ queryKey: [key] });
        void queryClient.invalidateQueries({ queryKey: ['list', '/api/v1/atlas/devices'] });
      },
      lost: () => setStreaming(false),
    });
    return () => {
      clearTimeout(refresh);
      close();
      setStreaming(false);
    };
  }, [id, jobId, active]);

  return { run, job: job.data, streaming, active };
}
