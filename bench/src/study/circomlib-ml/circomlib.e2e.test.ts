/** circomlib-ml on the smallest model, from its program to a witness of our own prediction. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { constraintStatistics, SILENT_PROGRESS } from '@zkinfer/core';
import { IRIS } from '../../models/trained-models.ts';
import { installThirdParty } from '../../third-party.ts';
import { perceptronClass } from './circom-inputs.ts';
import { circomSource } from './circom-source.ts';
import { calculateCircomWitness } from './circom-witness.ts';
import { circomlibFolder, loadCircomlibModel, openCircomlibSystem } from './circomlib-model.ts';
import { compileCircom } from './compile-circom.ts';

before(() => installThirdParty(SILENT_PROGRESS));

test('its circuit satisfies its rows and gives the class that the integers give', async () => {
  const { layers, input, inputs } = await loadCircomlibModel(IRIS);
  await compileCircom(circomSource(layers), circomlibFolder(IRIS.name));
  const system = await openCircomlibSystem(IRIS.name);
  // Every ReLU takes all 254 bits of its input apart, every maximum 252.
  assert.ok(constraintStatistics(system).rows > 250 * 10);
  const witness = await calculateCircomWitness(IRIS.name, inputs);
  assert.equal(witness.get(1), BigInt(perceptronClass(layers, input)));
});

test('error: a program that circom refuses', async () => {
  await assert.rejects(compileCircom('template', circomlibFolder('refused')), {
    code: 'BENCH_CIRCOM_FAILED',
  });
});
