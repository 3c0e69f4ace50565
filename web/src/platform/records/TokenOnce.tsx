import { Button, Modal } from '@mantine/core';
import { CopyButton } from '~/kit/Text';

/** A new API token, shown the only time it exists in readable form. */
export function TokenOnce({ token, onClose }: { token: string | null; onClose: () => void }) {
  return (
    <Modal opened={token !== null} onClose={onClose} title="Your new API token" closeOnClickOutside={false} closeButtonProps={{ 'aria-label': 'Close' }} size={560}>
      <div className="stack">
        <p>Copy it now: only its hash is stored, so it cannot be shown again.</p>
        <div className="row" style={{ padding: '8px 12px', background: 'var(--sunken)', borderRadius: 4, flexWrap: 'nowrap' }}>
          <code className="grow" style={{ overflowWrap: 'anywhere' }}>{token}</code>
          <CopyButton value={token ?? ''} label="Copy token" />
        </div>
        <p className="muted">
          Use it as <code>Authorization: Bearer {token?.slice(0, 8)}…</code>
        </p>
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>I have it</Button>
        </div>
      </div>
    </Modal>
  );
}
