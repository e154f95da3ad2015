/** The README's table of gas and sizes, from the committed snapshots. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTRACT_SIZES_FILE } from './contract-sizes.ts';
import { CONTRACTS_ROOT } from './run-forge.ts';

const SNAPSHOTS = 'test/snapshots';

/** Sizes in a snapshot of gas; the table has them from the one of sizes. */
const BYTES = /bytes of code/;

const BEGIN = '<!-- figures: begin -->\n';
const END = '<!-- figures: end -->';

/** Puts today's figures into the README's text. */
export async function withFigures(readme: string): Promise<string> {
  const [begin, end] = [readme.indexOf(BEGIN) + BEGIN.length, readme.indexOf(END)];
  return `${readme.slice(0, begin)}${await figuresTable()}${readme.slice(end)}`;
}

async function figuresTable(): Promise<string> {
  const gas = (await gasFiles()).flatMap((figures) => Object.entries(figures));
  const sizes = Object.entries(await readFigures(CONTRACT_SIZES_FILE));
  return [
    table(
      'call',
      'gas',
      gas.filter(([name]) => !BYTES.test(name)),
    ),
    table('contract', 'bytes of code, of at most 24,576', sizes),
  ].join('\n');
}

function table(
  heading: string,
  unit: string,
  rows: readonly (readonly [string, string | number])[],
): string {
  const lines = rows.map(
    ([name, figure]) => `| ${name} | ${Number(figure).toLocaleString('en')} |`,
  );
  return `| ${heading} | ${unit} |\n| --- | ---: |\n${lines.join('\n')}\n`;
}

async function gasFiles() {
  const names = (await readdir(join(CONTRACTS_ROOT, SNAPSHOTS))).sort();
  const paths = names.map((name) => `${SNAPSHOTS}/${name}`);
  return Promise.all(paths.filter((path) => path !== CONTRACT_SIZES_FILE).map(readFigures));
}

async function readFigures(path: string): Promise<Record<string, string | number>> {
  return JSON.parse(await readFile(join(CONTRACTS_ROOT, path), 'utf8'));
}
