import { type ConstraintSystem, collectChunks } from '@zkinfer/core';
import { type ProvingKeyFile, readProvingKey } from '../formats/zkey-file.ts';
import { writeDevelopmentKey } from './development-key-writer.ts';
import { checkedDomainSizeLog2 } from './key-scalars.ts';
import { drawToxicWaste, type ToxicWaste } from './toxic-waste.ts';

/**
 * A development key that never reaches a file, for circuits small enough that one thread makes it
 * in no time.
 * @param waste default: drawn from the operating system
 */
export async function developmentKeyInMemory(
  system: ConstraintSystem,
  waste: ToxicWaste = drawToxicWaste(checkedDomainSizeLog2(system)),
): Promise<ProvingKeyFile> {
  const chunks: Uint8Array[] = [];
  const collect = async (chunk: Uint8Array) => {
    chunks.push(chunk);
  };
  await writeDevelopmentKey(system, waste, collect, { threads: 1 });
  return readProvingKey(collectChunks((consumer) => chunks.forEach(consumer)));
}
