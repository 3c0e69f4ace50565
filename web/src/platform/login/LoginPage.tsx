import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { ApiError, basePath, setCsrfToken } from '~/api/client';
import { meQuery, queryClient } from '~/api/queries';
import { changePassword, signIn } from '~/app/session';

import { useView } from '~/app/view';
import { Logo } from '~/kit/Logo';
import { ErrorState } from '~/kit/States';
import { defineView, flag, text } from '~/lib/urlstate';
import { RhumbLines } from './RhumbLines';
import css from './login.module.css';

const view = defineView({ next: text(), change: flag() });

/** Where to go after login: only a path of this server. */
export function safeNext(next: string): string {
  return next.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/';
}

const MIN_PASSWORD = 12;

export function LoginPage() {
  const [{ next, change }, setView] = useView(view);
  const router = useRouter();
  const [known, setKnown] = useState<string | null>(null);

  useEffect(() => {
    document.title = 'Sign in - Portolan';
  }, []);
  const done = () => {
    const path = safeNext(next);
    router.history.push(path.startsWith(basePath) ? path : `${basePath.slice(0, -1)}${path}`);
  };

  return (
    <div className={css.screen}>
      <div className={css.chart}>
        <RhumbLines />
      </div>
      <main className={css.side} id="main">
        <div className={css.name}>
          <Logo size={30} />
          Portolan
        </div>
        {change ? (
          <ChangeForm known={known} onDone={done} />
        ) : (
          <SignInForm
            onDone={(password, mustChange) => {
              if (mustChange) {
                setKnown(password);
                setView({ change: true });
              } else done();
            }}
          />
        )}
      </main>
    </div>
  );
}

function explain(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  if (error.problem.code === 'invalid-credentials') {
    return new ApiError({ title: 'Name or password is wrong', status: 401, detail: 'On a new server, use admin and the password it printed at its first start.' });
  }
  if (error.status === 429) {
    return new ApiError({ ...error.problem, title: 'Too many attempts', detail: `Wait ${error.retryAfter ?? 60} seconds, then try again.` });
  }
  return error;
}

function SignInForm({ onDone }: { onDone: (password: string, mustChange: boolean) => void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    signIn(username.trim(), password)
      .then((answer) => onDone(password, answer.must_change_password))
      .catch((reason: unknown) => setError(explain(reason)))
      .finally(() => setBusy(false));
  };

  return (
    <form onSubmit={submit}>
      <h1>Sign in</h1>
      {error !== null && <ErrorState error={error} />}
      <TextInput label="Name or e-mail" name="username" autoComplete="username" size="sm" autoFocus required withAsterisk={false} value={username} onChange={(event) => setUsername(event.currentTarget.value)} />
      <PasswordInput label="Password" name="password" autoComplete="current-password" size="sm" required withAsterisk={false} value={password} onChange={(event) => setPassword(event.currentTarget.value)} visibilityToggleButtonProps={{ 'aria-label': 'Show password' }} />
      <Button type="submit" size="sm" loading={busy}>
        Sign in
      </Button>
    </form>
  );
}

export function ChangeForm({ known, onDone, title = 'Choose your password' }: { known: string | null; onDone: () => void; title?: string }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const short = next !== '' && [...next].length < MIN_PASSWORD;
  const differs = again !== '' && again !== next;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (short || differs) return;
    setBusy(true);
    setError(null);
    // After a reload the CSRF token is only in /me.
    queryClient
      .fetchQuery(meQuery)
      .then((me) => me.csrf_token && setCsrfToken(me.csrf_token))
      .catch(() => undefined)
      .then(() => changePassword(known ?? current, next))
      .then(onDone)
      .catch((reason: unknown) => setError(reason))
      .finally(() => setBusy(false));
  };

  return (
    <form onSubmit={submit} className="stack">
      <h1>{title}</h1>
      {known !== null && <p className="muted">This account has a temporary password. Every other session of it ends.</p>}
      {error !== null && <ErrorState error={error} />}
      {known === null && (
        <PasswordInput label="Current password" autoComplete="current-password" size="sm" required withAsterisk={false} value={current} onChange={(event) => setCurrent(event.currentTarget.value)} visibilityToggleButtonProps={{ 'aria-label': 'Show current password' }} />
      )}
      <PasswordInput
        label="New password"
        description={`At least ${MIN_PASSWORD} characters; a sentence is fine.`}
        autoComplete="new-password"
        size="sm"
        required
        withAsterisk={false}
        value={next}
        error={short ? `${MIN_PASSWORD - [...next].length} more characters` : undefined}
        onChange={(event) => setNext(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show new password' }}
      />
      <PasswordInput
        label="New password again"
        autoComplete="new-password"
        size="sm"
        required
        withAsterisk={false}
        value={again}
        error={differs ? 'The two differ' : undefined}
        onChange={(event) => setAgain(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show repeated password' }}
      />
      <Button type="submit" size="sm" loading={busy}>
        Set password
      </Button>
    </form>
  );
}
