// House rules a linter has no words for: where fetch may be called, colours only in tokens.css,
// who may import whom, and how long a file may be.
import { readdir, readFile } from 'node:fs/promises';

const root = new URL('../src/', import.meta.url);
const found = [];

for (const entry of (await readdir(root, { recursive: true, withFileTypes: true })).filter((each) => each.isFile())) {
  const path = `${entry.parentPath}/${entry.name}`.slice(root.pathname.length).replace(/^\/+/, '');
  if (!/\.(tsx?|css)$/.test(path) || path === 'api/schema.d.ts') continue;
  const text = await readFile(new URL(path, root), 'utf8');
  const lines = text.split('\n');
  const report = (at, message) => found.push(`src/${path}:${at + 1}: ${message}`);
  if (lines.length > 600) report(0, `${lines.length} lines: split the file by meaning`);
  lines.forEach((line, at) => {
    if (/\bfetch\(/.test(line) && !path.startsWith('api/')) report(at, 'only src/api calls fetch');
    if (/\bnew EventSource\(/.test(line) && !path.startsWith('api/')) report(at, 'only src/api opens streams');
    if (/#[\da-f]{3,8}\b/i.test(line) && /['"`:\s]#[\da-f]{3}(?:[\da-f]{3})?\b/i.test(line) && !['tokens.css', 'theme.ts', 'graph/atlas.ts', 'graph/palette.ts'].includes(path)) report(at, 'colours come from tokens.css');
    const from = /from '~\/([\w-]+)/.exec(line)?.[1];
    if (path.startsWith('kit/') && ['api', 'app', 'platform', 'products'].includes(from)) report(at, `kit may not import ${from}`);
    if (path.startsWith('lib/') && from && from !== 'lib') report(at, `lib may not import ${from}`);
    if (path.startsWith('graph/') && from && !['graph', 'lib'].includes(from)) report(at, `graph may not import ${from}`);
    if (path.startsWith('products/')) {
      const other = /from '~\/products\/([\w-]+)/.exec(line)?.[1];
      if (other && other !== path.split('/')[1]) report(at, 'products never import each other');
      if (/from '(sigma|graphology)/.test(line)) report(at, 'pages hold a GraphView, never an engine');
    }
    if (/\b(TODO|FIXME|XXX)\b/.test(line)) report(at, 'no TODO in the tree: open an issue');
  });
}
for (const message of found) console.error(message);
process.exit(found.length > 0 ? 1 : 0);
