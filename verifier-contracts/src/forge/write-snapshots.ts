/**
 * `npm run snapshots`: writes the gas figures and the contracts' sizes that tests compare with, and
 * the README's table of them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@zkinfer/core/node';
import { CONTRACT_SIZES_FILE, contractSizes, encodeSizes } from './contract-sizes.ts';
import { withFigures } from './figures-table.ts';
import { CONTRACTS_ROOT, runForge } from './run-forge.ts';

const { exitCode, stdout, stderr } = await runForge(['test', '--match-path', '*.gas.t.sol'], {
  FORGE_SNAPSHOT_CHECK: 'false',
  FORGE_SNAPSHOT_EMIT: 'true',
});
process.stdout.write(stdout);
process.stderr.write(stderr);
await writeFileAtomically(
  join(CONTRACTS_ROOT, CONTRACT_SIZES_FILE),
  encodeSizes(await contractSizes()),
);
const readme = join(CONTRACTS_ROOT, 'README.md');
await writeFileAtomically(readme, await withFigures(await readFile(readme, 'utf8')));
process.exitCode = exitCode;
