import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelDescription } from './model-description.ts';
import { modelPin } from './model-pin.ts';

const MODEL: ModelDescription = {
  modelDigest: '11'.repeat(32),
  circuitDigest: '22'.repeat(32),
  name: 'model',
  inputs: [{ name: 'x', shape: [4], scale: 0.1, lo: -8, bits: 4 }],
  outputs: [
    { name: 'y', shape: [2], scale: 1, lo: '-9', bits: 5, meaning: 'logits', softmax: false },
  ],
  rows: 1,
  wires: 2,
  keyBytes: 3,
  hasCeremony: false,
  verificationKey: { protocol: 'groth16', nPublic: 3 },
  chains: [],
};

const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse());

test('a pin is the same whatever the order of keys, the name and the sizes', () => {
  const pin = modelPin(MODEL);
  assert.match(pin, /^[0-9a-f]{64}$/);
  assert.equal(modelPin({ ...MODEL, name: 'another', rows: 7, hasCeremony: true }), pin);
  const inputs = MODEL.inputs.map(reversed) as typeof MODEL.inputs;
  const verificationKey = reversed(MODEL.verificationKey);
  assert.equal(modelPin({ ...MODEL, inputs, verificationKey }), pin);
});

test('a pin is another for all that an answer depends on', () => {
  const [input] = MODEL.inputs;
  const [output] = MODEL.outputs;
  const changes: Partial<ModelDescription>[] = [
    { modelDigest: '33'.repeat(32) },
    { circuitDigest: '33'.repeat(32) },
    { inputs: [{ ...input!, scale: 0.2 }] },
    { inputs: [{ ...input!, lo: -7 }] },
    { inputs: [{ ...input!, image: { scale: 1, offset: 0 } }] },
    { outputs: [{ ...output!, labels: ['a', 'b'] }] },
    { outputs: [{ ...output!, meaning: 'activation' }] },
    { verificationKey: { ...MODEL.verificationKey, nPublic: 4 } },
  ];
  const pins = [{}, ...changes].map((change) => modelPin({ ...MODEL, ...change }));
  assert.equal(new Set(pins).size, pins.length);
});
