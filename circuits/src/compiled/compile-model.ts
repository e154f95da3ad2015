import { SILENT_PROGRESS } from '@zkinfer/core';
import { type Circuit, compileCircuit } from '../compile/compile-circuit.ts';
import { type BackendName, loadTensorflow } from '../float/backend.ts';
import { runFloatGraph } from '../float/run-float-graph.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import { elementCount } from '../graph/shape.ts';
import { foldAffine } from '../import/fold-affine.ts';
import type { QuantizationReport } from '../quantize/quantization-report.ts';
import { quantizeGraph } from '../quantize/quantize-graph.ts';
import type { QuantizeOptions } from '../quantize/quantize-options.ts';

/** How a model is compiled. */
export interface CompileModelOptions extends QuantizeOptions {
  /** Which TensorFlow.js computes the calibration; `auto` by default. */
  readonly backend?: BackendName | 'auto';
}

/** A compiled model. */
export interface CompileModelResult {
  /** Holds the network. */
  readonly circuit: Circuit;
  readonly report: QuantizationReport;
  /** The backend that computed the calibration. */
  readonly backend: BackendName;
}

/**
 * From an imported model to its circuit: runs the float model on calibration data, quantises,
 * compiles.
 * @param graph as `importTfjs` returns it
 * @param calibration for each input of the graph its real samples, one after the other
 * @throws InputError CIRCUITS_FLOAT_INPUT, and as `quantizeGraph`; EnvironmentError
 *   CIRCUITS_NO_BACKEND
 */
export async function compileModel(
  graph: FloatGraph,
  calibration: readonly Float32Array[],
  options: CompileModelOptions = {},
): Promise<CompileModelResult> {
  const progress = options.progress ?? SILENT_PROGRESS;
  const folded = foldAffine(graph);
  progress.stage('calibrating');
  const { tf, backend } = await loadTensorflow(options.backend);
  const names = [...folded.inputs, ...folded.nodes].map(({ name }) => name);
  const tensors = await runFloatGraph(tf, folded, calibration, { tensors: names });
  const [first] = folded.inputs;
  const samples = tensors.get(first!.name)!.length / elementCount(first!.shape);
  const { network, report } = quantizeGraph(folded, { samples, tensors }, options);
  progress.stage('compiling the circuit');
  return { circuit: compileCircuit(network), report, backend };
}
