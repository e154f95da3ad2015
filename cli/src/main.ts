/** Entry of the `zkinfer` command; `bin/zkinfer.js` loads it. */
import { runCommand } from './run-command.ts';

// A reader that has seen enough (`zkinfer inspect DIR | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const exitCode = await runCommand(process.argv.slice(2), process);
// Engines keep threads waiting for more work: end here, once everything is written.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
