// Writes .gz and .br beside every file of dist, and assets.tsv (path, mime, etag) for build.rs.
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const MIME = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
const INCOMPRESSIBLE = new Set(['.png', '.woff2']);

// Vite's own manifest is for the budget check only; it moves out of what is served.
const manifest = new URL('manifest.json', dist);
await writeFile(new URL('../node_modules/.portolan-manifest.json', import.meta.url), await readFile(manifest));
await rm(manifest);

const rows = [];
let total = 0;
for (const entry of (await readdir(dist, { recursive: true, withFileTypes: true })).filter((e) => e.isFile() && e.name !== '.gitignore')) {
  const path = `${entry.parentPath}/${entry.name}`.slice(dist.pathname.length).replace(/^\/+/, '');
  const extension = extname(path);
  const mime = MIME[extension];
  if (!mime) throw new Error(`dist/${path}: no media type known for ${extension || 'a file without extension'}`);
  const file = new URL(path, dist);
  const bytes = await readFile(file);
  // index.html is filled in per answer, so its stored forms would be wrong.
  if (path !== 'index.html' && !INCOMPRESSIBLE.has(extension)) {
    const gz = gzipSync(bytes, { level: 9 });
    const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    if (gz.length < bytes.length) await writeFile(new URL(`${path}.gz`, dist), gz);
    if (br.length < bytes.length) await writeFile(new URL(`${path}.br`, dist), br);
    total += gz.length;
  }
  rows.push([path, mime, createHash('sha256').update(bytes).digest('hex').slice(0, 32)].join('\t'));
}
await writeFile(new URL('assets.tsv', dist), `${rows.sort().join('\n')}\n`);
console.log(`${rows.length} files, ${(total / 1000).toFixed(1)} kB gzip`);
