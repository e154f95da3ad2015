import { Command, CommanderError } from 'commander';
import { addVerbs } from './add-verbs.ts';
import { EXIT, EXIT_CODES_HELP, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { createOutput } from './output.ts';
import { createProgressDisplay } from './progress-display.ts';
import { reportError } from './report-error.ts';
import type { RunVerb } from './session.ts';
import { readVersion } from './version.ts';

/** The streams of a process, as far as the command needs them. */
export interface CommandStreams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Runs `zkinfer` with these arguments (without node and script) and tells its exit code. Never
 * throws.
 */
export async function runCommand(
  args: readonly string[],
  streams: CommandStreams,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  // Wanted even when parsing fails, before commander knows the options.
  const output = createOutput(streams.stdout, streams.stderr, args.includes('--json'));
  const runVerb: RunVerb = async (verb) => {
    const progress = createProgressDisplay(streams.stderr);
    try {
      exitCode = await verb({ output, progress });
    } finally {
      progress.stop();
    }
  };
  try {
    const program = createProgram(streams);
    await addVerbs(program, runVerb, args);
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    if (isBareHelp(error)) return EXIT.badInput;
    reportError(error, output);
    return exitCodeOf(error);
  }
}

function createProgram({ stdout, stderr }: CommandStreams): Command {
  return new Command('zkinfer')
    .description('Prove in zero knowledge that a neural network gave this output.')
    .version(readVersion())
    .option('--json', 'print the result as one JSON object on stdout, all else on stderr')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // What commander throws is reported by reportError.
      outputError: () => {},
    })
    .addHelpText('after', '\nBegin with: npx zkinfer doctor')
    .addHelpText('afterAll', `\n${EXIT_CODES_HELP}`);
}

/** Help that was shown because no verb was given. */
function isBareHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.code === 'commander.help';
}
