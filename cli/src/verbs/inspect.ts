import { availableParallelism } from 'node:os';
import {
  type CompiledModel,
  type CostEstimate,
  estimateCost,
  openCompiledModel,
} from '@zkinfer/circuits';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatReal,
  formatShape,
} from '../format-quantity.ts';
import { layersAsJson, renderLayers } from '../layer-table.ts';
import { renderFacts, renderTable } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';

/** Arguments, options and action of `zkinfer inspect`. */
export function defineInspectVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory')
    .addHelpText('after', '\nExample:\n  npx zkinfer inspect artifacts/mnist-lenet5')
    .action((dir: string) => runVerb((session) => inspect(session, dir)));
}

async function inspect({ output }: Session, dir: string): Promise<ExitCode> {
  const model = await openCompiledModel(dir);
  const threads = availableParallelism();
  const cost = estimateCost(model.summary, threads);
  const { network, summary, directory } = model;
  output.result(textOf(model, cost, threads), {
    name: network.name,
    modelDigest: directory.manifest.modelDigest,
    circuitDigest: summary.circuitDigest,
    rows: summary.rows,
    wires: summary.wires,
    domainSizeLog2: summary.domainSizeLog2,
    layers: layersAsJson(network, summary),
    rowsByKind: Object.fromEntries(rowsByKind(model)),
    cost: { ...cost },
    key: directory.has('proving_key.zkey'),
  });
  return EXIT.done;
}

function textOf(model: CompiledModel, cost: CostEstimate, threads: number): string {
  const { network, summary, directory } = model;
  const kinds = rowsByKind(model).map(([kind, rows]) => [
    kind,
    formatCount(rows),
    `${((100 * rows) / summary.rows).toFixed(1)} %`,
  ]);
  const right = { align: 'right' } as const;
  return [
    `${network.name}\n`,
    renderFacts(describeEnds(model)),
    '',
    renderLayers(network, summary),
    '',
    renderTable(
      [{ heading: 'block' }, { heading: 'rows', ...right }, { heading: 'share', ...right }],
      kinds,
    ),
    '',
    renderFacts([
      ['model digest', directory.manifest.modelDigest],
      ['circuit digest', summary.circuitDigest],
      [
        'circuit',
        `${formatCount(summary.rows)} rows, ${formatCount(summary.wires)} wires, domain 2^${summary.domainSizeLog2}`,
      ],
      [
        'proving key',
        `${formatBytes(cost.keyBytes)}${directory.has('proving_key.zkey') ? '' : ', once set up'}`,
      ],
      ['development setup', `about ${formatDuration(cost.setupMs)} on ${threads} threads`],
      [
        'proof',
        `${cost.proofBytes} bytes, about ${formatDuration(cost.proveMs)} and ${formatBytes(cost.proveMemoryBytes)} of memory`,
      ],
      [
        'verification',
        `about ${formatCount(cost.verificationGas)} gas on chain (181,000 + 6,150 a public signal)`,
      ],
    ]),
  ].join('\n');
}

function describeEnds({ network }: CompiledModel): (readonly [string, string])[] {
  const inputs = network.inputs.map(({ name, shape, scale, lo, bits }) => {
    const range = `${formatReal(lo * scale)} … ${formatReal((lo + 2 ** bits - 1) * scale)}`;
    return [
      'input',
      `${name}: ${formatShape(shape)}, reals ${range} in steps of ${formatReal(scale)}`,
    ] as const;
  });
  const outputs = network.outputs.map(({ name, tensor, meaning, softmax, labels }) => {
    const shape = formatShape(network.tensors.get(tensor)!.shape);
    const notes = [
      meaning,
      ...(softmax ? ['softmax left to the reader'] : []),
      ...(labels ? [labels.join(' ')] : []),
    ];
    return ['output', `${name}: ${shape}, ${notes.join(', ')}`] as const;
  });
  return [...inputs, ...outputs];
}

/** Rows of each kind of block, most first. */
function rowsByKind({ summary }: CompiledModel): [string, number][] {
  const rows = new Map<string, number>();
  for (const block of summary.blocks)
    rows.set(block.kind, (rows.get(block.kind) ?? 0) + block.rows);
  return [...rows].sort(([, a], [, b]) => b - a);
}
