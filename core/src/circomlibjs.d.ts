/** The little of circomlibjs that tests compare with; the package ships no types. */
declare module 'circomlibjs' {
  interface CircomlibPoseidon {
    (inputs: readonly bigint[]): unknown;
    readonly F: { toObject(element: unknown): bigint };
  }
  export function buildPoseidonReference(): Promise<CircomlibPoseidon>;
}
