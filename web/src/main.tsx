import './mantine.css';
import './tokens.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { setUnauthenticatedHandler } from './api/client';
import { queryClient } from './api/queries';
import { router } from './app/router';
import { Toasts } from './kit/toast';
import { useStore } from './lib/store';
import { cssVariablesResolver, mantineTheme, onSystemThemeChange, resolved, themeStore } from './theme';

const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? undefined;

setUnauthenticatedHandler((problem) => {
  const here = router.state.location;
  if (here.pathname === '/login') return;
  queryClient.removeQueries({ queryKey: ['me'] });
  const search: Record<string, string> = { next: here.href };
  if (problem.code === 'password-change-required') search.change = '1';
  void router.navigate({ to: '/login', search: search as never });
});

function App() {
  const name = useStore(themeStore);
  const [theme, setTheme] = useState(() => resolved(name));
  useEffect(() => {
    const apply = () => setTheme(resolved(name));
    apply();
    return onSystemThemeChange(apply);
  }, [name]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <MantineProvider theme={mantineTheme} cssVariablesResolver={cssVariablesResolver} forceColorScheme={theme === 'light' ? 'light' : 'dark'} getStyleNonce={nonce === undefined ? undefined : () => nonce}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  );
}

const element = document.getElementById('root');
if (element) {
  document.documentElement.dataset.theme = resolved(themeStore.get());
  createRoot(element).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
