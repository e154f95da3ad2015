/** Run as a process: keeps itself to one core, and tells how many a process that it starts has. */
import { spawnSync } from 'node:child_process';
import { restrictCores } from '../restrict-cores.ts';

restrictCores(1);
const script = 'process.stdout.write(String(require("node:os").availableParallelism()))';
const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
process.send!(Number(stdout));
process.disconnect();
