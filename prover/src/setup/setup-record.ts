/** One contribution of a ceremony, in the order given. */
export interface ContributionRecord {
  /** As the contributor named it; not verified. */
  readonly name: string;
  /** 128 hex digits (BLAKE2b-512 of the contribution's public key), as snarkjs prints it. */
  readonly hash: string;
  /** Present on the beacon that closes a ceremony. */
  readonly beacon?: BeaconRecord;
}

/** Public randomness that closes a ceremony. */
export interface BeaconRecord {
  /** The beacon's value, hex digits. */
  readonly value: string;
  /** It is hashed 2^this times. */
  readonly iterationsLog2: number;
}

interface SetupRecordBase {
  /** Of this structure. */
  readonly version: 1;
  /** SHA-256 of the `.r1cs` the key was made for. */
  readonly circuitDigest: string;
  /** SHA-256 and length of the `.zkey`. */
  readonly keySha256: string;
  readonly keyBytes: number;
}

/** A key made by one process; nobody else can know that its secrets are gone. */
export interface DevelopmentSetupRecord extends SetupRecordBase {
  readonly kind: 'development';
}

/** A key made from a powers-of-tau file, and who contributed to it. */
export interface CeremonySetupRecord extends SetupRecordBase {
  readonly kind: 'ceremony';
  /** SHA-256 of the `.ptau`. */
  readonly ptauSha256: string;
  /** Empty in a fresh key, which no proof may use: its δ is known. */
  readonly contributions: readonly ContributionRecord[];
}

/** The contents of `setup.json`. */
export type SetupRecord = DevelopmentSetupRecord | CeremonySetupRecord;
