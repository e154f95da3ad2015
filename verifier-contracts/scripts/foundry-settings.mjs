/**
 * The compiler settings in foundry.toml, so that forge's tests and the published bytecode come from
 * one source. Reads the part of TOML that the file uses: sections, and keys whose values are JSON
 * but for underscores in numbers.
 */
import { readFileSync } from 'node:fs';

/** The `settings` of solc's standard JSON, outputs left out. */
export function foundrySettings(path) {
  const profile = readSection(readFileSync(path, 'utf8'), 'profile.default');
  return {
    evmVersion: profile.evm_version,
    viaIR: profile.via_ir,
    optimizer: { enabled: profile.optimizer, runs: profile.optimizer_runs },
    metadata: { bytecodeHash: profile.bytecode_hash, appendCBOR: profile.cbor_metadata },
    remappings: profile.remappings,
  };
}

/** The keys of one `[section]`; arrays of tables and inline tables are passed over. */
export function readSection(text, section) {
  const values = {};
  let current = '';
  for (const line of text.split('\n')) {
    const heading = /^\[+([^\]]+)\]+/.exec(line);
    if (heading !== null) current = heading[1].trim();
    const pair = /^(\w+)\s*=\s*(.+?)\s*$/.exec(line);
    if (pair === null || current !== section || pair[2].includes('{')) continue;
    const [, key, value] = pair;
    values[key] = JSON.parse(/^[\d_]+$/.test(value) ? value.replaceAll('_', '') : value);
  }
  return values;
}
