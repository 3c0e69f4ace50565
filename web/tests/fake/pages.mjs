// The built pages with the fake API, served as the real server would: nonce, policy, caching.
import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { createFake } from './server.mjs';

const dist = new URL('../../dist/', import.meta.url);
const MIME = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', svg: 'image/svg+xml', html: 'text/html; charset=utf-8' };

export function createPages(options) {
  const fake = createFake(options);
  return async (request, response) => {
    const { pathname } = new URL(request.url, 'http://fake');
    if (/^\/(api|healthz|readyz)/.test(pathname)) return fake(request, response);
    const file = pathname.slice(1);
    if (file && !file.includes('..') && /\.(js|css|svg)$/.test(file)) {
      try {
        const bytes = await readFile(new URL(file, dist));
        response.writeHead(200, { 'Content-Type': MIME[file.split('.').at(-1)], 'Cache-Control': 'public, max-age=31536000, immutable' });
        return response.end(bytes);
      } catch {
        response.writeHead(404);
        return response.end();
      }
    }
    const nonce = randomBytes(16).toString('base64');
    const page = (await readFile(new URL('index.html', dist), 'utf8')).replaceAll('__CSP_NONCE__', nonce).replaceAll('/__BASE_PATH__/', '/');
    response.writeHead(200, {
      'Content-Type': MIME.html,
      'Cache-Control': 'no-store',
      'Content-Security-Policy': `default-src 'self'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(page);
  };
}
