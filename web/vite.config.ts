import react from '@vitejs/plugin-react';
import { writeFile } from 'node:fs/promises';
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

/** Leaves the list of packages that really are in the bundle, with their share, for the licence and size checks. */
function bundled(): Plugin {
  return {
    name: 'bundled-packages',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const packages: Record<string, Record<string, number>> = {};
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const [id, module] of Object.entries(chunk.modules)) {
          const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1];
          if (!name || module.renderedLength === 0) continue;
          const chunks = (packages[name] ??= {});
          chunks[chunk.fileName] = (chunks[chunk.fileName] ?? 0) + module.renderedLength;
        }
      }
      await writeFile(fileURLToPath(new URL('./node_modules/.portolan-packages.json', import.meta.url)), JSON.stringify(packages, null, 1));
    },
  };
}

export default defineConfig(({ command }) => ({
  // The server replaces this path in index.html (crate `webui`); everything else is relative.
  base: command === 'build' ? '/__BASE_PATH__/' : '/',
  plugins: [react(), fakeApi(), bundled()],
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
    // What the first page needs comes as one file: shared with pages that come later it would fall into twenty.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
  server: {
    port: 5173,
    proxy: process.env.PORTOLAN_URL ? { '/api': { target: process.env.PORTOLAN_URL, changeOrigin: true, ws: true } } : undefined,
  },
}));
