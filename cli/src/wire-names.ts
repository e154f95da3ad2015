import type { CircuitSummary } from '@zkinfer/circuits';

/** A name for each wire, for `.sym` files: public signals by name, then block, kind and place in the block. */
export function wireNames({ wires, publicSignals, blocks }: CircuitSummary): string[] {
  const names = new Array<string>(wires).fill('');
  publicSignals.forEach((signal, i) => {
    names[1 + i] = `main.${signal}`;
  });
  for (const block of blocks) {
    const prefix = `main.${symbolOf(block.name)}.${symbolOf(block.kind)}`;
    for (let i = 0; i < block.wires; i++) names[block.firstWire + i] = `${prefix}[${i}]`;
  }
  return names;
}

/** Commas and line ends would break the file's lines apart; dots and slashes separate. */
function symbolOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, '_');
}
