import { Button, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ErrorState } from './States';

export interface ConfirmDangerProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  action: string;
  children?: ReactNode;
  onConfirm: () => Promise<unknown>;
}

/** Asks before something that cannot be taken back; a refusal of the server shows inside. */
export function ConfirmDanger({ opened, onClose, title, action, children, onConfirm }: ConfirmDangerProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = () => {
    setBusy(true);
    setError(null);
    onConfirm()
      .then(onClose)
      .catch((reason: unknown) => setError(reason))
      .finally(() => setBusy(false));
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} role="alertdialog" closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className="stack">
        {children && <p>{children}</p>}
        {error !== null && <ErrorState error={error} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            Keep
          </Button>
          <Button color="red" loading={busy} onClick={confirm}>
            {action}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
