/** What is used of snarkjs 0.7, which has no types of its own. */
import { requireThirdParty } from './third-party.ts';

/** A path, or a file in memory. */
export type SnarkjsFile = string | { type: string; data: Uint8Array };

export interface SnarkjsProof {
  readonly proof: unknown;
  readonly publicSignals: readonly string[];
}

interface SnarkjsLogger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

interface Snarkjs {
  readonly groth16: {
    prove(key: SnarkjsFile, witness: SnarkjsFile): Promise<SnarkjsProof>;
    verify(key: unknown, publicSignals: readonly string[], proof: unknown): Promise<boolean>;
  };
  readonly wtns: {
    /** Sets the file's data. */
    calculate(inputs: object, wasm: string, file: { type: 'mem' }): Promise<void>;
  };
  readonly zKey: {
    /** −1 when it refuses, having told the logger why. */
    newZKey(
      r1cs: SnarkjsFile,
      ptau: string,
      key: string,
      logger: SnarkjsLogger,
    ): Promise<Uint8Array | -1>;
  };
  readonly curves: { getCurveFromName(name: string): Promise<{ terminate(): Promise<void> }> };
}

export const SILENT_LOGGER: SnarkjsLogger = { debug() {}, info() {}, warn() {}, error() {} };

/** The snarkjs of `thirdparty/`. It keeps threads until its curve is terminated. */
export function loadSnarkjs(): Snarkjs {
  return requireThirdParty<Snarkjs>('snarkjs');
}
