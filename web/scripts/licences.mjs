// Licences of every package that is in the bundle (the build lists them), against what we accept;
// and the lock file must not name where packages were fetched from.
import { readFile } from 'node:fs/promises';

const ACCEPTED = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD']);
const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));
const problems = [];
const names = Object.keys(await read('../node_modules/.portolan-packages.json')).sort();
for (const name of names) {
  const { license, version } = await read(`../node_modules/${name}/package.json`);
  if (!ACCEPTED.has(license)) problems.push(`${name} ${version}: licence ${license} is not accepted`);
}
for (const [path, entry] of Object.entries((await read('../package-lock.json')).packages)) {
  if (entry.resolved) problems.push(`${path}: the lock file records an address; install with the .npmrc of this folder`);
}
for (const problem of problems) console.error(problem);
console.log(`${names.length} packages are shipped: ${names.join(' ')}`);
process.exit(problems.length > 0 ? 1 : 0);
