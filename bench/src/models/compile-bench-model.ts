import { type Circuit, compileModel } from '@zkinfer/circuits';
import type { BenchModel } from './bench-model.ts';

/** Fixed, so that the circuit is the same whatever the search for bits finds. */
const BITS = { weightBits: 8, activationBits: 8 } as const;

/** From a model's files to its circuit, with 8-bit weights. @throws as `compileModel` */
export async function compileBenchModel({ load }: BenchModel): Promise<Circuit> {
  const { graph, calibration, image } = await load();
  const options = { ...BITS, ...(image === undefined ? {} : { image }) };
  return (await compileModel(graph, calibration, options)).circuit;
}
