import { IntegrityError } from '@zkinfer/core';
import type { ProvingKeyHeader } from '../formats/zkey-file.ts';

/**
 * Refuses a key whose δ is still γ: it is what `zkey new` makes before the first contribution, its
 * δ is known to all, and anyone can forge proofs under it.
 * @throws IntegrityError PROVER_KEY_UNCONTRIBUTED
 */
export function assertContributed(header: ProvingKeyHeader): void {
  if (isContributed(header)) return;
  throw new IntegrityError({
    code: 'PROVER_KEY_UNCONTRIBUTED',
    what: 'nobody has contributed to this proving key: anyone can forge proofs under it',
    hint: 'Run `zkinfer ceremony contribute`, and `zkinfer ceremony beacon` to close the ceremony.',
  });
}

/** Whether δ is no longer γ. */
export function isContributed({ gamma2, delta2 }: ProvingKeyHeader): boolean {
  return gamma2.some((byte, i) => byte !== delta2[i]);
}
