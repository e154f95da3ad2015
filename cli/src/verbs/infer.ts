import { interpret, openCompiledModel, outputsOf, readOutputs } from '@zkinfer/circuits';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { outputsAsJson, renderOutputs } from '../output-reading.ts';
import { prepareInputs } from '../prepare-inputs.ts';
import type { RunVerb, Session } from '../session.ts';

interface InferOptions {
  readonly input: string;
  readonly strict?: true;
}

/** Arguments, options and action of `zkinfer infer`. */
export function defineInferVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory')
    .requiredOption('--input <file>', 'JSON (nested or flat), .npy, or a grey or RGB PNG')
    .option('--strict', 'refuse an input outside the calibrated range in place of clamping it')
    .addHelpText(
      'after',
      '\nExample:\n  npx zkinfer infer artifacts/mnist-lenet5 --input examples/models/mnist-lenet5/digit-7.png',
    )
    .action((dir: string, options: InferOptions) =>
      runVerb((session) => infer(session, dir, options)),
    );
}

async function infer({ output }: Session, dir: string, options: InferOptions): Promise<ExitCode> {
  const { network } = await openCompiledModel(dir);
  const strict = options.strict ?? false;
  const { integers } = await prepareInputs(network, options.input, { strict, output });
  const readings = readOutputs(network, outputsOf(network, interpret(network, integers)));
  output.result(renderOutputs(readings), { outputs: outputsAsJson(readings) });
  return EXIT.done;
}
