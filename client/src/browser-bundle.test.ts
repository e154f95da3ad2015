import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { browserBundle } from './testing/browser-bundle.ts';

/** Minified and compressed, without ethers, which applications bring: 86,700 when this was set. */
const MOST_BYTES = 90_000;

const CLIENT = "export * from './index.js';";

const FORBIDDEN = /node_modules\/(@tensorflow|snarkjs|ffjavascript|circomlibjs|wasmcurves|solc)\//;

test('the client for browsers is small, and has neither TF.js nor snarkjs', async () => {
  const { code, metafile } = await browserBundle({ entry: CLIENT, external: ['ethers'] });
  assert.deepEqual(
    Object.keys(metafile.inputs).filter((path) => FORBIDDEN.test(path)),
    [],
  );
  const bytes = gzipSync(code, { level: 9 }).length;
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
});

test('no creation code of contracts, and no deployment of them, is in it', async () => {
  const { code, modules } = await browserBundle({ entry: CLIENT, external: ['ethers'] });
  assert.doesNotMatch(new TextDecoder().decode(code), /0x6080604052/);
  assert.ok(modules.some((path) => path.endsWith('generated/inference-coprocessor.js')));
});

test('the same bundling finds what must not be there where it is', async () => {
  const entry = "import * as snarkjs from 'snarkjs'; globalThis.snarkjs = snarkjs;";
  const { metafile } = await browserBundle({ entry });
  assert.ok(Object.keys(metafile.inputs).some((path) => FORBIDDEN.test(path)));
  await assert.rejects(browserBundle({ entry: "import 'node:fs';" }));
});
