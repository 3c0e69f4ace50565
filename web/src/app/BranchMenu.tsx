/** The branch one works in: chosen in the top bar, said above every page. */
import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { enterBranch, enteredBranch, type Entered } from '~/api/branch';
import { get, post } from '~/api/client';
import type { Page } from '~/api/types';
import { IconCheck, IconChevronDown, IconGitCompare } from '~/kit/icons';
import { ErrorState } from '~/kit/States';
import { StatusBadge } from '~/kit/Status';
import { may, useMe } from './session';
import css from './shell.module.css';

const BRANCHES = '/api/v1/platform/branches';

export function BranchMenu() {
  const me = useMe();
  const entered = enteredBranch();
  const [opened, setOpened] = useState(false);
  const [making, setMaking] = useState(false);
  const open = useQuery({
    queryKey: ['open-branches'],
    queryFn: ({ signal }) => get<Page<Entered>>(BRANCHES, { state: 'open', sort: 'name', limit: 50, fields: 'name' }, signal),
    enabled: opened,
  });
  return (
    <>
      <Menu width={260} opened={opened} onChange={setOpened}>
        <Menu.Target>
          <button type="button" className={css.tenant} aria-label={entered ? `Branch ${entered.name}` : 'Main line; choose a branch'}>
            <IconGitCompare size={13} aria-hidden="true" />
            {entered?.name ?? 'Main line'}
            <IconChevronDown size={12} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Work in</Menu.Label>
          <Menu.Item rightSection={entered === null ? <IconCheck size={14} aria-label="current" /> : undefined} onClick={() => enterBranch(null)}>
            Main line
          </Menu.Item>
          {(open.data?.items ?? []).map((branch) => (
            <Menu.Item key={branch.id} rightSection={branch.id === entered?.id ? <IconCheck size={14} aria-label="current" /> : undefined} onClick={() => enterBranch({ id: branch.id, name: branch.name })}>
              {branch.name}
            </Menu.Item>
          ))}
          {open.isError && <Menu.Label>The branches could not be read.</Menu.Label>}
          <Menu.Divider />
          {may(me, 'platform/branches:write') && <Menu.Item onClick={() => setMaking(true)}>New branch</Menu.Item>}
          <Menu.Item component={Link} to={'/platform/branches' as never}>
            All branches
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {making && <NewBranch onClose={() => setMaking(false)} />}
    </>
  );
}

function NewBranch({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const make = () => {
    setBusy(true);
    setError(null);
    post<Entered>(BRANCHES, { name: name.trim() })
      .then((branch) => enterBranch({ id: branch.id, name: branch.name }))
      .catch((reason: unknown) => {
        setError(reason);
        setBusy(false);
      });
  };
  return (
    <Modal opened onClose={onClose} title="New branch" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <p>What you change in it, nobody else sees until it is merged.</p>
        <TextInput label="Name" value={name} maxLength={100} data-autofocus onChange={(event) => setName(event.currentTarget.value)} />
        {error !== null && <ErrorState error={error} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button type="submit" loading={busy} disabled={name.trim() === ''}>
            Make and enter it
          </Button>
        </div>
      </form>
    </Modal>
  );
}

export function BranchBanner() {
  const entered = enteredBranch();
  // A link names a branch by its id only.
  const branch = useQuery({ queryKey: ['branch', entered?.id], queryFn: ({ signal }) => get<Entered & { state: string }>(`${BRANCHES}/${entered?.id}`, undefined, signal), enabled: entered !== null });
  if (entered === null) return null;
  const state = branch.data?.state;
  const gone = branch.isError || (state !== undefined && state !== 'open' && state !== 'review');
  return (
    <div className={css.offline} role="status">
      <div className="row">
        <StatusBadge tone={gone || state === 'review' ? 'warning' : 'info'}>
          {gone ? `The branch ${branch.data?.name ?? entered.name} cannot be worked in any more.` : `You work in the branch ${branch.data?.name ?? entered.name}${state === 'review' ? ', which is in review: nothing in it can be changed' : ''}.`}
        </StatusBadge>
        <Link to={'/platform/branches/$id' as never} params={{ id: entered.id } as never}>
          What it changes
        </Link>
        <Button size="compact-sm" variant="default" onClick={() => enterBranch(null)}>
          Leave it
        </Button>
      </div>
    </div>
  );
}
