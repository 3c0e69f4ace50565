import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { searchQuery } from '~/api/queries';
import type { RecordHit, SearchHit } from '~/api/types';
import { IconArrowRight, iconNamed, IconSearch } from '~/kit/icons';
import { groupHits, hitHint } from '~/lib/hits';
import { rankMatches } from '~/lib/match';
import css from './shell.module.css';

export interface Action {
  id: string;
  group: string;
  title: string;
  hint?: string;
  icon?: string;
  run: () => void;
}

const KIND_ICON: Record<string, string> = { device: 'router', interface: 'route', address: 'target', user: 'user', page: 'list', link: 'route' };

/** Kinds in the order of their best hit, so that each group is one. */
function recordActions(records: RecordHit[], go: (url: string) => void): Action[] {
  return groupHits(records).flatMap(([group, hits]) => hits.map((hit) => ({ id: `hit-${hit.model}-${hit.id}`, group, title: hit.display ?? hit.title, hint: hitHint(hit), icon: hit.icon, run: () => go(hit.url) })));
}

function mapActions(hits: SearchHit[], go: (url: string) => void): Action[] {
  return hits.map((hit) => ({ id: `hit-map-${hit.kind}-${hit.id}`, group: 'On the map', title: hit.title, hint: hit.subtitle ?? hit.kind, icon: KIND_ICON[hit.kind] ?? 'list', run: () => go(hit.url) }));
}

/** Search over everything and every action, by keyboard alone: a combobox over one list. */
export function Palette({ opened, onClose, actions, go }: { opened: boolean; onClose: () => void; actions: Action[]; go: (url: string) => void }) {
  return (
    <Modal opened={opened} onClose={onClose} withCloseButton={false} padding={0} size={600} yOffset="12vh" centered={false} aria-label="Search and commands">
      {opened && <PaletteBody onClose={onClose} actions={actions} go={go} />}
    </Modal>
  );
}

function PaletteBody({ onClose, actions, go }: { onClose: () => void; actions: Action[]; go: (url: string) => void }) {
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [active, setActive] = useState(0);
  const listRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 120);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery(searchQuery(asked));

  const options = useMemo(() => {
    const hits = text.trim() === '' ? [] : [...recordActions(found.data?.records ?? [], go), ...mapActions(found.data?.map ?? [], go)];
    const all: Action[] = hits.length === 0 ? [] : [{ id: 'all-hits', group: 'Search', title: `Everything found by "${text.trim()}"`, icon: 'search', run: () => go(`/search?q=${encodeURIComponent(text.trim())}`) }];
    return [...hits, ...all, ...rankMatches(actions, text, (action) => action.title)];
  }, [actions, found.data, go, text]);
  const at = Math.min(active, options.length - 1);

  useEffect(() => {
    listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const run = (action: Action | undefined) => {
    if (!action) return;
    onClose();
    action.run();
  };

  return (
    <div className={css.palette}>
      <input
        data-autofocus
        role="combobox"
        aria-label="Search devices, interfaces, addresses, pages and commands"
        aria-expanded="true"
        aria-controls="palette-options"
        aria-activedescendant={options[at] ? `palette-${options[at].id}` : undefined}
        aria-autocomplete="list"
        placeholder="Device, interface, address, page or command"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setActive((at + 1) % Math.max(1, options.length));
          else if (event.key === 'ArrowUp') setActive((at - 1 + options.length) % Math.max(1, options.length));
          else if (event.key === 'Enter') run(options[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div ref={listRef} id="palette-options" role="listbox" aria-label="Results" className={css.options}>
        {options.map((action, index) => {
          const Icon = action.icon ? iconNamed(action.icon) : IconArrowRight;
          return (
            <div key={action.id}>
              {options[index - 1]?.group !== action.group && <div className={css.group} role="presentation">{action.group}</div>}
              {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the combobox input above handles the keys */}
              <div
                id={`palette-${action.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                className={css.option}
                onMouseMove={() => setActive(index)}
                onClick={() => run(action)}
              >
                <Icon size={16} stroke={1.6} aria-hidden="true" />
                <span>{action.title}</span>
                {action.hint && <small>{action.hint}</small>}
              </div>
            </div>
          );
        })}
        {options.length === 0 && (
          <div className={css.option} role="option" tabIndex={-1} aria-selected="false" aria-disabled="true">
            <IconSearch size={16} aria-hidden="true" />
            {found.isFetching ? 'Searching' : `Nothing matches "${text}". An address, a name or a part of it works.`}
          </div>
        )}
      </div>
    </div>
  );
}
