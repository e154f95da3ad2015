/**
 * The compiler settings in foundry.toml, so that forge's tests and the published bytecode come from
 * one source.
 */
import { readFileSync } from 'node:fs';

/** The `settings` of solc's standard JSON that the file fixes. @throws Error if one is missing */
export function foundrySettings(path) {
  const setting = settingsOf(readFileSync(path, 'utf8'), 'profile.default');
  return {
    evmVersion: setting('evm_version'),
    viaIR: setting('via_ir'),
    optimizer: { enabled: setting('optimizer'), runs: setting('optimizer_runs') },
    metadata: { bytecodeHash: setting('bytecode_hash'), appendCBOR: setting('cbor_metadata') },
  };
}

/** Reads single values of a TOML section: strings, booleans, and integers with underscores. */
function settingsOf(text, section) {
  const start = text.indexOf(`[${section}]\n`);
  const end = text.indexOf('\n[', start + 1);
  const lines = text.slice(start, end === -1 ? undefined : end);
  return (key) => {
    const value = new RegExp(`^${key}\\s*=\\s*("[^"]*"|true|false|[\\d_]+)\\s*(#.*)?$`, 'm').exec(
      lines,
    );
    if (value === null) throw new Error(`foundry.toml: [${section}] has no ${key}`);
    return JSON.parse(/^\d/.test(value[1]) ? value[1].replaceAll('_', '') : value[1]);
  };
}
