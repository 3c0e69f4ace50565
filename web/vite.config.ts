import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/**
 * Development: `/api` goes to a running server when PORTOLAN_URL is set, else to the fake one.
 */
function fakeApi(): Plugin {
  return {
    name: 'fake-api',
    apply: 'serve',
    async configureServer(server) {
      if (process.env.PORTOLAN_URL) return;
      const { createFake } = await import('./tests/fake/server.mjs');
      const fake = createFake({ nodes: Number(process.env.FAKE_NODES ?? 60) });
      server.middlewares.use((request, response, next) => {
        if (/^\/(api|healthz|readyz)/.test(request.url ?? '')) fake(request, response);
        else next();
      });
    },
    transformIndexHtml: (html) => html.replace('__CSP_NONCE__', 'dev').replaceAll('/__BASE_PATH__/', '/'),
  };
}

export default defineConfig(({ command }) => ({
  // The server replaces this path in index.html (crate `webui`); everything else is relative.
  base: command === 'build' ? '/__BASE_PATH__/' : '/',
  plugins: [react(), fakeApi()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  experimental: {
    renderBuiltUrl: (_file: string, { hostType }: { hostType: string }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  build: {
    assetsDir: '_ui',
    emptyOutDir: false,
    target: 'es2022',
    sourcemap: false,
    manifest: 'manifest.json',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    proxy: process.env.PORTOLAN_URL ? { '/api': { target: process.env.PORTOLAN_URL, changeOrigin: true, ws: true } } : undefined,
  },
}));
