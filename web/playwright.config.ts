import { defineConfig } from '@playwright/test';

/**
 * Against the real server when PORTOLAN_URL is set (with PORTOLAN_USER and PORTOLAN_PASSWORD), else
 * against the built pages with the fake API. CHROMIUM names the browser.
 */
const url = process.env.PORTOLAN_URL ?? `http://127.0.0.1:${process.env.FAKE_PORT ?? '4790'}`;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    baseURL: url,
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
    },
  },
  webServer: process.env.PORTOLAN_URL ? undefined : { command: 'node tests/fake/main.mjs', url: `${url}/healthz`, env: { PORT: process.env.FAKE_PORT ?? '4790', FAKE_NODES: process.env.FAKE_NODES ?? '60' }, reuseExistingServer: false },
});
