import { IntegrityError } from '@zkinfer/core';
import type { ProvingKeyHeader } from '../formats/zkey-file.ts';

/**
 * Refuses a key whose δ is still γ: it is what `zkey new` makes before the first contribution, its δ is known to all, and
 * anyone can forge proofs under it.
 * @throws IntegrityError PROVER_KEY_UNCONTRIBUTED
 */
export function assertContributed(header: ProvingKeyHeader): void {
  const same = header.gamma2.every((byte, i) => byte === header.delta2[i]);
  if (!same) return;
  throw new IntegrityError({
    code: 'PROVER_KEY_UNCONTRIBUTED',
    what: 'nobody has contributed to this proving key: anyone can forge proofs under it',
    hint: 'Run `zkinfer ceremony contribute`, and `zkinfer ceremony beacon` to close the ceremony.',
  });
}
