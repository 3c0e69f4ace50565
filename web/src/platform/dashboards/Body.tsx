import type { Widget } from './layout';
import { BookmarksPart, ChangesPart, ChartPart, CountsPart, JobsPart, NotePart, RecordsPart } from './parts';
import { DriftPart, MapPart, PrefixesPart, RackPart } from './pictures';

/** What a widget shows. */
export function Body({ widget: { kind, config } }: { widget: Widget }) {
  switch (kind) {
    case 'counts':
      return <CountsPart config={config} />;
    case 'records':
      return <RecordsPart config={config} />;
    case 'note':
      return <NotePart config={config} />;
    case 'changes':
      return <ChangesPart config={config} />;
    case 'drift':
      return <DriftPart />;
    case 'map':
      return <MapPart config={config} />;
    case 'prefixes':
      return <PrefixesPart config={config} />;
    case 'rack':
      return <RackPart config={config} />;
    case 'jobs':
      return <JobsPart config={config} />;
    case 'bookmarks':
      return <BookmarksPart />;
    case 'chart':
      return <ChartPart config={config} />;
  }
}
