/** What a setup adds to a compiled directory. */
export const SETUP_FILES = {
  provingKey: 'proving_key.zkey',
  verificationKey: 'verification_key.json',
  record: 'setup.json',
} as const;
