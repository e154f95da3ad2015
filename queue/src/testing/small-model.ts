/** A model of four weights, compiled, with a development key: the whole of it takes a second. */
import {
  buildNetwork,
  type CompiledModel,
  compileCircuit,
  type Network,
  writeCompiledModel,
} from '@zkinfer/circuits';
import { openAtomicFile } from '@zkinfer/core/node';
import { developmentSetup, provingKeyPath, storeSetup } from '@zkinfer/prover';

/** Two bytes in, two logits out; other weights are another model. */
export function smallNetwork(weights: readonly number[] = [1, -2, 3, 4]): Network {
  return buildNetwork({
    name: 'small',
    inputs: [{ name: 'x', shape: [2], scale: 0.5, lo: 0, bits: 8 }],
    nodes: [
      {
        name: 'scores',
        operation: {
          kind: 'dense',
          units: 2,
          weights: Int16Array.from(weights),
          bias: Float64Array.of(5, -6),
        },
        inputs: ['x'],
        scale: 0.25,
      },
    ],
    outputs: [
      {
        name: 'scores',
        tensor: 'scores',
        meaning: 'logits',
        softmax: true,
        labels: ['left', 'right'],
      },
    ],
  });
}

/** Writes the compiled directory of a network, without keys. */
export async function writeTestModel(
  path: string,
  network: Network = smallNetwork(),
): Promise<CompiledModel> {
  const circuit = compileCircuit(network);
  return writeCompiledModel(path, circuit, { zkinfer: '0.1.0', sourceDigest: '0'.repeat(64) });
}

/** The same with a development key. */
export async function writeProvableTestModel(
  path: string,
  network: Network = smallNetwork(),
): Promise<CompiledModel> {
  const model = await writeTestModel(path, network);
  const file = await openAtomicFile(provingKeyPath(model.directory));
  const circuit = compileCircuit(network);
  const record = await developmentSetup(circuit, (bytes) => file.append(bytes), { threads: 1 });
  await file.commit();
  await storeSetup(model.directory, record);
  return model;
}
