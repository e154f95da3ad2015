/** The README's tables of gas and sizes, from the committed snapshots. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CONTRACT_SIZES_FILE,
  type ContractSize,
  MAX_CODE_BYTES,
  MAX_CREATION_BYTES,
} from './contract-sizes.ts';
import { CONTRACTS_ROOT } from './run-forge.ts';

type Row = readonly [string, ...number[]];

const SNAPSHOTS = 'test/snapshots';

/** Sizes in a snapshot of gas; the table has them from the one of sizes. */
const BYTES = /bytes of code/;

const BEGIN = '<!-- figures: begin -->\n';
const END = '<!-- figures: end -->';

/** Puts today's figures into the README's text. */
export async function withFigures(readme: string): Promise<string> {
  const [begin, end] = [readme.indexOf(BEGIN) + BEGIN.length, readme.indexOf(END)];
  const code = `bytes of code, at most ${shown(MAX_CODE_BYTES)}`;
  const creation = `bytes that create it, at most ${shown(MAX_CREATION_BYTES)}`;
  const tables = [
    table(['call', 'gas'], await gasRows()),
    table(['contract', code, creation], await sizeRows()),
  ];
  return `${readme.slice(0, begin)}${tables.join('\n')}${readme.slice(end)}`;
}

function table(headings: readonly string[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const lines = rows.map(([name, ...figures]) => line([name, ...figures.map(shown)]));
  const rule = headings.map((_, i) => (i === 0 ? '---' : '---:'));
  return `${line(headings)}${line(rule)}${lines.join('')}`;
}

async function gasRows(): Promise<Row[]> {
  const names = (await readdir(join(CONTRACTS_ROOT, SNAPSHOTS))).sort();
  const paths = names.map((name) => `${SNAPSHOTS}/${name}`);
  const files = await Promise.all(
    paths.filter((path) => path !== CONTRACT_SIZES_FILE).map(readSnapshot<string>),
  );
  return files
    .flatMap((figures) => Object.entries(figures))
    .filter(([name]) => !BYTES.test(name))
    .map(([name, gas]) => [name, Number(gas)]);
}

async function sizeRows(): Promise<Row[]> {
  const sizes = await readSnapshot<ContractSize>(CONTRACT_SIZES_FILE);
  return Object.entries(sizes).map(([name, { code, creation }]) => [name, code, creation]);
}

async function readSnapshot<T>(path: string): Promise<Record<string, T>> {
  return JSON.parse(await readFile(join(CONTRACTS_ROOT, path), 'utf8'));
}

function shown(figure: number): string {
  return figure.toLocaleString('en');
}
