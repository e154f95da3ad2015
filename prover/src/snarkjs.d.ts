/** What is used of snarkjs 0.7, which has no types of its own. */
declare module 'snarkjs' {
  /** A path, the bytes of a file, or a file in memory; outputs come back in `data`. */
  export type FastFile = string | Uint8Array | MemoryFile;

  export interface MemoryFile {
    type: 'mem' | 'bigMem';
    data?: Uint8Array;
  }

  /** Every call takes one; without it snarkjs is silent, or crashes where it forgot to check. */
  export interface Logger {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  }

  export interface Groth16Proof {
    pi_a: string[];
    pi_b: string[][];
    pi_c: string[];
    protocol: string;
    curve: string;
  }

  export interface Groth16VerificationKey {
    protocol: string;
    curve: string;
    nPublic: number;
    vk_alpha_1: string[];
    vk_beta_2: string[][];
    vk_gamma_2: string[][];
    vk_delta_2: string[][];
    vk_alphabeta_12: string[][][];
    IC: string[][];
  }

  export interface Curve {
    terminate(): Promise<void>;
  }

  export const groth16: {
    prove(
      key: FastFile,
      witness: FastFile,
      logger?: Logger,
    ): Promise<{ proof: Groth16Proof; publicSignals: string[] }>;
    verify(key: unknown, publicSignals: unknown, proof: unknown, logger?: Logger): Promise<boolean>;
  };

  export const zKey: {
    /** The circuit's hash, or −1. */
    newZKey(
      r1cs: FastFile,
      ptau: FastFile,
      key: FastFile,
      logger?: Logger,
    ): Promise<Uint8Array | -1>;
    contribute(
      from: FastFile,
      to: FastFile,
      name: string,
      entropy: string,
      logger?: Logger,
    ): Promise<Uint8Array>;
    /** The contribution's hash, or false. */
    beacon(
      from: FastFile,
      to: FastFile,
      name: string,
      beaconHex: string,
      iterationsLog2: number,
      logger?: Logger,
    ): Promise<Uint8Array | false>;
    verifyFromR1cs(
      r1cs: FastFile,
      ptau: FastFile,
      key: FastFile,
      logger?: Logger,
    ): Promise<boolean>;
    exportVerificationKey(key: FastFile, logger?: Logger): Promise<Groth16VerificationKey>;
  };

  export const powersOfTau: {
    newAccumulator(curve: Curve, power: number, to: FastFile, logger?: Logger): Promise<Uint8Array>;
    contribute(
      from: FastFile,
      to: FastFile,
      name: string,
      entropy: string,
      logger?: Logger,
    ): Promise<Uint8Array>;
    beacon(
      from: FastFile,
      to: FastFile,
      name: string,
      beaconHex: string,
      iterationsLog2: number,
      logger?: Logger,
    ): Promise<Uint8Array | false>;
    preparePhase2(from: FastFile, to: FastFile, logger?: Logger): Promise<void>;
    verify(ptau: FastFile, logger?: Logger): Promise<boolean>;
  };

  export const r1cs: {
    info(
      r1cs: FastFile,
      logger?: Logger,
    ): Promise<{
      nVars: number;
      nOutputs: number;
      nPubInputs: number;
      nPrvInputs: number;
      nLabels: number;
      nConstraints: number;
    }>;
  };

  export const wtns: {
    check(r1cs: FastFile, witness: FastFile, logger?: Logger): Promise<boolean>;
  };

  export const curves: { getCurveFromName(name: string): Promise<Curve> };
}
