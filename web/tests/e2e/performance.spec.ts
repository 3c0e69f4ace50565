import { createServer, type Server } from 'node:http';
import { expect, FAKE, settled, signIn, test } from './fixtures';

/**
 * Main-thread CPU of the map with 1,000 nodes (CDP thread ticks: raster and GPU are other threads).
 * Aims of ui.md 3.8: first picture <= 500 ms, pan <= 4 ms a frame. Printed, not asserted: another
 * machine, or another process beside it, is no fault of the page.
 */
const FRAMES = 25;

// A trace would be measured with the page.
test.use({ trace: 'off' });

test.describe('1,000 nodes', () => {
  test.skip(!FAKE, 'needs the fixture of the fake server');
  let server: Server;
  let url: string;

  test.beforeAll(async () => {
    const { createPages } = await import('../fake/pages.mjs');
    server = createServer(createPages({ nodes: 1250 }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });
  test.afterAll(() => server.close());

  test('draws and pans: what it costs', async ({ browser }) => {
    const page = await browser.newPage({ baseURL: url, viewport: { width: 1280, height: 720 } });
    await signIn(page);
    await page.getByRole('link', { name: 'Devices' }).first().click();
    await settled(page);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busy = async () => (await session.send('Performance.getMetrics')).metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0;

    const before = await busy();
    await page.getByRole('link', { name: 'Map' }).first().click();
    const debug = () => page.evaluate(() => (window as never as { portolanGraph?: { debug(): { nodes: number; links: number; firstPictureMs: number; frames: number } } }).portolanGraph?.debug());
    await expect.poll(async () => (await debug())?.nodes ?? 0).toBeGreaterThanOrEqual(1000);
    await page.waitForTimeout(300);
    const opening = (await busy()) - before;
    const drawn = await debug();

    // The least of three rounds: what else the machine does can only add.
    let perFrame = Infinity;
    for (let round = 0; round < 3; round += 1) {
      const start = await busy();
      await page.evaluate(async (frames) => {
        const graph = (window as never as { portolanGraph: { getCamera(): { x: number; y: number; zoom: number }; setCamera(camera: object): void } }).portolanGraph;
        const home = graph.getCamera();
        for (let frame = 0; frame < frames; frame += 1) {
          graph.setCamera({ ...home, x: home.x + frame * 3, zoom: home.zoom * (1 + frame * 0.02) });
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        graph.setCamera(home);
      }, FRAMES);
      perFrame = Math.min(perFrame, (((await busy()) - start) / FRAMES) * 1000);
    }
    console.log(`map, ${drawn?.nodes} nodes, ${drawn?.links} links: whole page opened in ${(opening * 1000).toFixed(0)} ms CPU, graph's own part ${drawn?.firstPictureMs.toFixed(0)} ms; pan ${perFrame.toFixed(2)} ms CPU a frame`);
    expect(drawn?.links).toBeGreaterThan(0);
    expect(perFrame).toBeGreaterThan(0);
    await page.close();
  });
});
