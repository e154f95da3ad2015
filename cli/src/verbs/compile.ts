import {
  compiledManifest,
  compileModel,
  type FloatGraph,
  fileModelSource,
  floatModelDigest,
  type ImagePreprocessing,
  importTfjs,
  openCompiledModel,
  type QuantizeOptions,
  sourceDigest,
  writeCompiledModel,
} from '@zkinfer/circuits';
import { canonicalJson, ZkinferError } from '@zkinfer/core';
import { type Command, Option } from 'commander';
import { calibrationFile } from '../calibration-file.ts';
import { readClassLabels } from '../class-labels.ts';
import { renderReport, reportAsJson } from '../compile-report.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { encodeFloatSource, SOURCE_FILE } from '../float-source.ts';
import { formatCount, formatDuration } from '../format-quantity.ts';
import { layersAsJson } from '../layer-table.ts';
import { bitsOption, integerOption, realOption, shareOption } from '../option-parsers.ts';
import { readDataset } from '../read-dataset.ts';
import type { RunVerb, Session } from '../session.ts';
import { readVersion } from '../version.ts';

interface CompileCommandOptions {
  readonly out: string;
  readonly calibration?: string;
  readonly weightBits: number | 'auto';
  readonly activationBits: number;
  readonly changedShare: number;
  readonly output?: 'logits' | 'argmax' | 'activation';
  readonly imageScale?: number;
  readonly imageOffset?: number;
  readonly labels?: string;
  readonly force?: true;
}

/** Arguments, options and action of `zkinfer compile`. */
export function defineCompileVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<model>', 'TF.js Layers model: model.json, or the folder that holds it')
    .requiredOption('--out <dir>', 'compiled directory to write')
    .option(
      '--calibration <file>',
      'real inputs, .npy or IDX (default: calibration.npy beside the model); for several inputs name=file,name=file',
    )
    .option(
      '--weight-bits <n>',
      '2 to 16, or auto: the fewest that keep the predictions',
      bitsOption,
      'auto',
    )
    .option(
      '--activation-bits <n>',
      'bits of tensors between layers, 2 to 16',
      integerOption(2, 16),
      8,
    )
    .option('--changed-share <x>', 'share of predictions that auto may change', shareOption, 0.001)
    .addOption(
      new Option('--output <kind>', 'what the circuit returns').choices([
        'logits',
        'argmax',
        'activation',
      ]),
    )
    .option('--image-scale <x>', 'inputs are pictures: real = byte · scale + offset', realOption)
    .option('--image-offset <x>', 'see --image-scale', realOption)
    .option('--labels <names>', 'class names, between commas, or a file with one a line')
    .option('--force', 'compile even if the directory is up to date')
    .addHelpText('after', EXAMPLE)
    .action((model: string, options: CompileCommandOptions) =>
      runVerb((session) => compile(session, model, options)),
    );
}

const EXAMPLE = `
Example:
  npx zkinfer compile examples/models/mnist-lenet5 --image-scale 1/255 --labels 0,1,2,3,4,5,6,7,8,9 \\
                      --out artifacts/mnist-lenet5

A directory that was compiled from the same model, data and options is left as it is.`;

async function compile(
  session: Session,
  model: string,
  options: CompileCommandOptions,
): Promise<ExitCode> {
  const { output, progress } = session;
  const started = Date.now();
  const source = fileModelSource(model);
  const graph = await importTfjs(source);
  const image = imageOf(options);
  const calibrationPath = await calibrationFile(model, options.calibration);
  if (options.calibration === undefined) output.note(`calibration data: ${calibrationPath}`);
  const inputs = graph.inputs.map((input) => (image === undefined ? input : { ...input, image }));
  const { reals: calibration } = await readDataset(calibrationPath, inputs);
  const settings = await quantizeSettings(options, graph, image);
  const zkinfer = readVersion();
  const floatModel = await floatModelDigest(source);
  const digest = sourceDigest({ zkinfer, floatModel, calibration, options: { ...settings } });
  if (!options.force && (await isUpToDate(options.out, digest, session))) {
    return reportUpToDate(session, options.out);
  }
  const { circuit, report, backend } = await compileModel(graph, calibration, {
    ...settings,
    progress,
  });
  progress.stage('writing');
  const origin = { zkinfer, sourceDigest: digest };
  const extra = {
    'report.json': canonicalJson(reportAsJson(report)),
    [SOURCE_FILE]: encodeFloatSource(options.out, model, floatModel),
  };
  const { network, summary } = await writeCompiledModel(options.out, circuit, origin, extra);
  const took = formatDuration(Date.now() - started);
  const text = [
    renderReport(network, summary, report),
    `Compiled to ${options.out} in ${took}: ${formatCount(summary.rows)} rows, domain 2^${summary.domainSizeLog2}.`,
  ].join('\n\n');
  output.result(text, {
    upToDate: false,
    directory: options.out,
    rows: summary.rows,
    circuitDigest: summary.circuitDigest,
    backend,
    layers: layersAsJson(network, summary),
    report: reportAsJson(report),
  });
  return EXIT.done;
}

function imageOf(options: CompileCommandOptions): ImagePreprocessing | undefined {
  const { imageScale, imageOffset } = options;
  if (imageScale === undefined && imageOffset === undefined) return undefined;
  return { scale: imageScale ?? 1, offset: imageOffset ?? 0 };
}

/**
 * The options that decide the result; they are part of the source digest, so their order is fixed
 * here.
 */
async function quantizeSettings(
  { weightBits, activationBits, changedShare, output, labels }: CompileCommandOptions,
  graph: FloatGraph,
  image: ImagePreprocessing | undefined,
) {
  const names = labels === undefined ? undefined : await readClassLabels(labels, classCount(graph));
  return {
    weightBits,
    activationBits,
    changedShare,
    ...(output === undefined ? {} : { output }),
    ...(names === undefined ? {} : { labels: names }),
    ...(image === undefined ? {} : { image: { scale: image.scale, offset: image.offset } }),
  } satisfies QuantizeOptions;
}

/** The elements of the first output; a single one decides between two classes. */
function classCount({ nodes, outputs }: FloatGraph): number {
  const shape = nodes.find(({ name }) => name === outputs[0])?.outputShape ?? [];
  return Math.max(
    2,
    shape.reduce((count, extent) => count * extent, 1),
  );
}

async function isUpToDate(dir: string, digest: string, { output }: Session): Promise<boolean> {
  if ((await compiledManifest(dir))?.sourceDigest !== digest) return false;
  try {
    await openCompiledModel(dir);
    return true;
  } catch (error) {
    if (!(error instanceof ZkinferError)) throw error;
    output.note(
      `${dir} was compiled from this source, but cannot be used as it is: compiling again`,
    );
    return false;
  }
}

async function reportUpToDate({ output }: Session, dir: string): Promise<ExitCode> {
  const { summary } = await openCompiledModel(dir);
  const { rows, circuitDigest } = summary;
  output.result(`${dir} is up to date: ${formatCount(rows)} rows (--force compiles again).`, {
    upToDate: true,
    directory: dir,
    rows,
    circuitDigest,
  });
  return EXIT.done;
}
