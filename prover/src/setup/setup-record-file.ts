import {
  canonicalJson,
  InputError,
  parseJson,
  readArray,
  readConstant,
  readHexDigest,
  readInteger,
  readObject,
  readString,
} from '@zkinfer/core';
import type { BeaconRecord, ContributionRecord, SetupRecord } from './setup-record.ts';

const SHARED_KEYS = ['version', 'kind', 'circuitDigest', 'keySha256', 'keyBytes'] as const;

/** The text of `setup.json`. */
export function encodeSetupRecord(setup: SetupRecord): string {
  const { version, kind, circuitDigest, keySha256, keyBytes } = setup;
  const shared = { version, kind, circuitDigest, keySha256, keyBytes };
  if (setup.kind === 'development') return canonicalJson(shared);
  const contributions = setup.contributions.map(({ name, hash, beacon }) => ({
    name,
    hash,
    ...(beacon === undefined
      ? {}
      : { beacon: { value: beacon.value, iterationsLog2: beacon.iterationsLog2 } }),
  }));
  return canonicalJson({ ...shared, ptauSha256: setup.ptauSha256, contributions });
}

/**
 * Reads `setup.json`: these keys and no others.
 * @throws InputError CORE_JSON_SYNTAX, CORE_JSON_SHAPE
 */
export function decodeSetupRecord(text: string): SetupRecord {
  const json = parseJson(text, 'setup');
  const object = readObject(json, 'setup', SHARED_KEYS, ['ptauSha256', 'contributions']);
  const shared = {
    version: readConstant(object.version, 'setup.version', 1),
    circuitDigest: readHexDigest(object.circuitDigest, 'setup.circuitDigest'),
    keySha256: readHexDigest(object.keySha256, 'setup.keySha256'),
    keyBytes: readInteger(object.keyBytes, 'setup.keyBytes'),
  } as const;
  if (object.kind === 'development') {
    readObject(json, 'setup', SHARED_KEYS);
    return { ...shared, kind: 'development' };
  }
  return {
    ...shared,
    kind: readConstant(object.kind, 'setup.kind', 'ceremony'),
    ptauSha256: readHexDigest(object.ptauSha256, 'setup.ptauSha256'),
    contributions: readArray(object.contributions, 'setup.contributions').map((item, i) =>
      readContribution(item, `setup.contributions[${i}]`),
    ),
  };
}

function readContribution(value: unknown, path: string): ContributionRecord {
  const { name, hash, beacon } = readObject(value, path, ['name', 'hash'], ['beacon']);
  const contribution = {
    name: readString(name, `${path}.name`),
    hash: readHex(hash, `${path}.hash`),
  };
  if (beacon === undefined) return contribution;
  return { ...contribution, beacon: readBeacon(beacon, `${path}.beacon`) };
}

function readBeacon(json: unknown, path: string): BeaconRecord {
  const { value, iterationsLog2 } = readObject(json, path, ['value', 'iterationsLog2']);
  return {
    value: readHex(value, `${path}.value`),
    iterationsLog2: readInteger(iterationsLog2, `${path}.iterationsLog2`, 0, 63),
  };
}

function readHex(value: unknown, path: string): string {
  const text = readString(value, path);
  if (/^([0-9a-f]{2})*$/.test(text)) return text;
  throw new InputError({
    code: 'CORE_JSON_SHAPE',
    what: path,
    got: 'another text',
    expected: 'pairs of lower-case hexadecimal digits',
  });
}
