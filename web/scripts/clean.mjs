// Empties dist but keeps its committed .gitignore: cargo watches the directory, so it must stay.
import { mkdir, readdir, rm } from 'node:fs/promises';

const dist = new URL('../dist/', import.meta.url);
await mkdir(dist, { recursive: true });
for (const name of await readdir(dist)) {
  if (name !== '.gitignore') await rm(new URL(name, dist), { recursive: true });
}
