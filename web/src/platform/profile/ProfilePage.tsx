import { Switch } from '@mantine/core';
import { keysEnabled } from '~/app/keys';
import { useMe } from '~/app/session';
import { KeyValue } from '~/kit/Text';
import { toast } from '~/kit/toast';
import { useStore } from '~/lib/store';
import { ChangeForm } from '../login/LoginPage';

export function ProfilePage() {
  const me = useMe();
  const keys = useStore(keysEnabled);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{me.user.display_name ?? me.user.name}</h1>
      </div>
      <div className="grid">
        <section className="panel span-6">
          <header>
            <h2>Account</h2>
          </header>
          <div className="panel-body stack">
            <KeyValue
              items={[
                ['Login', me.user.name],
                ['E-mail', me.user.email],
                ['Tenant', me.tenant?.name],
                ['Permissions', <PermissionList key="p" permissions={me.permissions} />],
              ]}
            />
            <Switch label="Single-key shortcuts" description="Off keeps only the combinations with Ctrl or Command" checked={keys} onChange={(event) => keysEnabled.set(event.currentTarget.checked)} />
          </div>
        </section>
        <section className="panel span-6">
          <div className="panel-body">
            <ChangeForm
              title="Change password"
              known={null}
              onDone={() => {
                toast('Password changed; every other session of this account has ended.');
                window.location.reload();
              }}
            />
          </div>
        </section>
      </div>
    </div>
  );
}

function PermissionList({ permissions }: { permissions: string[] }) {
  return (
    <details>
      <summary>{permissions.length} held</summary>
      <ul style={{ margin: '6px 0', paddingLeft: 16 }}>
        {[...permissions].sort().map((permission) => (
          <li key={permission}>
            <code>{permission}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
