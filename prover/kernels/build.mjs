/**
 * Compiles the WebAssembly kernels: the AssemblyScript sources beside this file, the fields' arithmetic that
 * `field-source.mjs` writes, and what both groups of points share, once for each.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { CONSTANT_BYTES, fieldSource } from './field-source.mjs';
import { scalarFieldSource } from './scalar-field-source.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SOURCES = join(HERE, 'assembly');

/** Where the fields' constants begin; the memory below stays unused, so that null pointers show. */
const CONSTANTS = 1024;

/** EIP-196: coordinates of points, and scalars. */
const BASE_FIELD_ORDER =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const SCALAR_FIELD_ORDER =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Files that exist once for each group, with that group's `./coordinate`. */
const GROUP_FILES = [
  'points.ts',
  'buckets.ts',
  'check.ts',
  'decode.ts',
  'columns.ts',
  'files.ts',
  'fixed-base.ts',
];

const FLAGS = [
  ['-O3', '--noAssert', '--runtime', 'stub'],
  ['--enable', 'simd,relaxed-simd,threads'],
  ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
].flat();

/** Each module and how it multiplies: the engine takes the scalar one where multiply-adds round twice. */
const VARIANTS = { fused: fieldSource, scalar: scalarFieldSource };

const out = process.argv[2] ?? join(HERE, '../dist/engine/wasm');
await mkdir(out, { recursive: true });
for (const [variant, field] of Object.entries(VARIANTS)) {
  await writeFile(join(out, `${variant}-kernels.wasm`), await compile(await sources(field)));
}

async function sources(field) {
  const files = new Map();
  for (const name of await readdir(SOURCES, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const text = await readFile(join(SOURCES, name), 'utf8');
    const names = GROUP_FILES.includes(name) ? [`g1/${name}`, `g2/${name}`] : [name];
    for (const each of names) files.set(each, text);
  }
  files.set('fp/field.ts', field(BASE_FIELD_ORDER, CONSTANTS));
  files.set('fr/field.ts', field(SCALAR_FIELD_ORDER, CONSTANTS + CONSTANT_BYTES));
  return files;
}

async function compile(files) {
  let wasm;
  const messages = [];
  const collect = { write: (text) => messages.push(text) };
  const { error } = await asc.main(['main.ts', '-o', 'main.wasm', ...FLAGS], {
    readFile: (name) => files.get(name) ?? null,
    writeFile: (_, contents) => {
      wasm = contents;
    },
    listFiles: () => [],
    stdout: collect,
    stderr: collect,
  });
  if (error || wasm === undefined) throw new Error(`asc: ${messages.join('')}`, { cause: error });
  return wasm;
}
