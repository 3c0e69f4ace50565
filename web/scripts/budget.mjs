// Fails when the pages outgrow ui.md 3.8. Sizes are gzip -9 as precompress wrote them.
import { readFile, readdir, stat } from 'node:fs/promises';

const LIMITS = { firstJs: 180, firstCss: 25, route: 60, whole: 900 };

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(await readFile(new URL('../node_modules/.portolan-manifest.json', import.meta.url), 'utf8'));
const size = async (file) => {
  const plain = new URL(file, dist);
  try {
    return (await stat(new URL(`${file}.gz`, dist))).size / 1000;
  } catch {
    return (await stat(plain)).size / 1000;
  }
};

/** A chunk and everything it imports at once. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

const js = (keys) => [...keys].map((key) => manifest[key].file);
const css = (keys) => [...new Set([...keys].flatMap((key) => manifest[key].css ?? []))];
const sum = async (files) => (await Promise.all(files.map(size))).reduce((total, each) => total + each, 0);

const entryKey = Object.keys(manifest).find((key) => manifest[key].isEntry);
const entry = closure(entryKey);
const rows = [
  ['first page, JS', await sum(js(entry)), LIMITS.firstJs],
  ['first page, CSS', await sum(css(entry)), LIMITS.firstCss],
];
for (const key of manifest[entryKey].dynamicImports ?? []) {
  const own = [...closure(key)].filter((each) => !entry.has(each));
  rows.push([`route ${manifest[key].name ?? key}`, (await sum(js(own))) + (await sum(css(own))), LIMITS.route]);
}
const all = (await readdir(dist, { recursive: true, withFileTypes: true })).filter((each) => each.isFile() && !/\.(gz|br|tsv)$|^\.git/.test(each.name)).map((each) => `${each.parentPath}/${each.name}`.slice(dist.pathname.length).replace(/^\/+/, ''));
rows.push(['whole dist', await sum(all), LIMITS.whole]);

let broken = 0;
for (const [name, kilobytes, limit] of rows) {
  const over = kilobytes > limit;
  broken += over ? 1 : 0;
  console.log(`${name.padEnd(28)} ${kilobytes.toFixed(2).padStart(7)} kB of ${limit}${over ? '  OVER BUDGET' : ''}`);
}
process.exit(broken > 0 ? 1 : 0);
