/** A compiled directory with keys, as the service tells the public of it. */
import { type CompiledModel, outputLayoutsOf } from '@zkinfer/circuits';
import type { ModelDescription } from '@zkinfer/core/service';
import { readVerificationKey, requireSetupRecord } from '@zkinfer/prover';

/**
 * What clients need to know of a model: everything but its weights and its proving key.
 * @param chains where it is registered and served
 * @throws InputError PROVER_NO_KEY; IntegrityError CORE_ARTIFACT_TAMPERED,
 *   PROVER_VERIFICATION_KEY_MIXED
 */
export async function describeModel(
  model: CompiledModel,
  chains: ModelDescription['chains'] = [],
): Promise<ModelDescription> {
  const { directory, network, summary } = model;
  const { kind, keyBytes } = await requireSetupRecord(directory);
  const verificationKey = await readVerificationKey(directory);
  return {
    modelDigest: directory.manifest.modelDigest,
    circuitDigest: directory.manifest.circuitDigest,
    name: network.name,
    inputs: network.inputs.map(({ shape, ...input }) => ({ ...input, shape: [...shape] })),
    outputs: describeOutputs(model),
    rows: summary.rows,
    wires: summary.wires,
    keyBytes,
    hasCeremony: kind === 'ceremony',
    verificationKey: { ...verificationKey },
    chains,
  };
}

function describeOutputs({ network }: CompiledModel): ModelDescription['outputs'] {
  const layouts = outputLayoutsOf(network);
  return network.outputs.map(({ name, tensor, meaning, softmax, labels }, i) => {
    const { shape, scale } = network.tensors.get(tensor)!;
    const { lo, bits } = layouts[i]!;
    return {
      name,
      shape: [...shape],
      scale,
      lo: `${lo}`,
      bits,
      meaning,
      softmax,
      ...(labels === undefined ? {} : { labels: [...labels] }),
    };
  });
}
