/** The network without a proof: our integer interpreter, and the float model on TensorFlow.js. */
import { interpret, loadTensorflow, outputsOf, runFloatGraph } from '@zkinfer/circuits';
import type { ContestantDefinition } from '../../case.ts';
import { benchModel } from '../../models/bench-models.ts';
import { operationsFor } from '../../operations-for.ts';
import { phaseCase } from '../phase-case.ts';
import { elementsOf, openStudyCircuit, studyInference } from '../study-files.ts';

/** Pictures at a time: what a server would batch, and the time is divided by. */
const BATCH = 16;

const interpreter: ContestantDefinition = {
  name: 'interpreter',
  isOurs: true,
  async open({ model, compiled }) {
    const circuit = await openStudyCircuit(`${compiled}`);
    const { inputs } = await studyInference(benchModel(`${model}`), circuit);
    const infer = () => outputsOf(circuit.network, interpret(circuit.network, inputs));
    const operations = await operationsFor(infer);
    return {
      operations,
      run() {
        for (let i = 0; i < operations; i++) infer();
      },
      outcome: () => 'ran',
      close() {},
    };
  },
};

const tfjs: ContestantDefinition = {
  name: 'tfjs',
  isOurs: false,
  async open({ model }) {
    const { graph, calibration } = await benchModel(`${model}`).load();
    const { tf } = await loadTensorflow();
    const samples = calibration.map((reals, i) =>
      reals.subarray(0, BATCH * elementsOf(graph.inputs[i]!)),
    );
    const infer = () => runFloatGraph(tf, graph, samples);
    const batches = await operationsFor(infer);
    return {
      operations: batches * BATCH,
      async run() {
        for (let i = 0; i < batches; i++) await infer();
      },
      outcome: () => 'ran',
      close() {},
    };
  },
};

export const benchCase = phaseCase({ contestants: [interpreter, tfjs], isCold: false });
