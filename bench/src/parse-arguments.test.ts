import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { type CaseArguments, parseArguments, type StudyArguments } from './parse-arguments.ts';
import { DEFAULT_PRICES } from './study/start-run.ts';

const study = (...args: string[]) => parseArguments(args) as StudyArguments;
const usage = { code: 'BENCH_USAGE' };

test('nothing at all is the default study', () => {
  assert.deepEqual(parseArguments([]), {
    kind: 'study',
    suite: 'default',
    models: [],
    engines: [],
    prices: DEFAULT_PRICES,
    out: undefined,
    repeat: undefined,
    cores: undefined,
    programs: [],
  });
});

test('a study of some models by some provers', () => {
  const { suite, models, engines, repeat, cores, programs } = study(
    ...['--suite', 'full', '--model', 'iris-mlp,vgg-like', '--model=residual', '--engine', 'wasm'],
    ...['--repeat', '7', '--cores', '1', '--with', 'rapidsnark=/opt/bin/prover'],
  );
  assert.deepEqual([suite, repeat, cores], ['full', 7, 1]);
  assert.deepEqual(models, ['iris-mlp', 'vgg-like', 'residual']);
  assert.deepEqual(engines, ['wasm']);
  assert.deepEqual(programs, [{ name: 'rapidsnark', path: '/opt/bin/prover' }]);
});

test('stated prices replace the assumed ones, and say so', () => {
  const { prices } = study('--machine-hour', '0.5', '--gas-price', '12', '--currency', 'EUR');
  assert.deepEqual(prices, {
    currency: 'EUR',
    machineHour: 0.5,
    gasPriceGwei: 12,
    coin: DEFAULT_PRICES.coin,
    source: 'given on the command line, otherwise assumed',
  });
});

test('cases are named alone or by --case, with rows and programs', () => {
  const args = [
    'ntt',
    '--case',
    'g1-msm',
    '--rows',
    '2^12,2^14',
    '--rows=2^16',
    '--with',
    'b=./a=b',
  ];
  assert.deepEqual(parseArguments(args) as CaseArguments, {
    kind: 'cases',
    cases: ['ntt', 'g1-msm'],
    rows: ['2^12', '2^14', '2^16'],
    repeat: undefined,
    cores: undefined,
    programs: [{ name: 'b', path: './a=b' }],
  });
});

test('runs are compared, and reported once more', () => {
  assert.deepEqual(parseArguments(['compare', 'a.json', 'b.json']), {
    kind: 'compare',
    before: 'a.json',
    after: 'b.json',
  });
  assert.deepEqual(parseArguments(['report', 'a.json', '--out', 'there']), {
    kind: 'report',
    run: 'a.json',
    out: 'there',
  });
});

test('help needs nothing else', () => {
  assert.deepEqual(parseArguments(['--help']), { kind: 'help' });
});

test('error: an unknown option, a value that is missing, an option of something else', () => {
  for (const args of [
    ['ntt', '--quick'],
    ['ntt', '--repeat'],
    ['ntt', '--help=1'],
    ['ntt', '--suite', 'full'],
    ['ntt', '--coin', '1'],
    ['--rows', '2^12'],
    ['compare', 'a.json'],
    ['compare', 'a', 'b', 'c'],
    ['compare', 'a', 'b', '--suite', 'full'],
    ['report'],
    ['report', 'a', '--repeat', '3'],
  ]) {
    assert.throws(() => parseArguments(args), usage, args.join(' '));
  }
});

test('error: a number that is none', () => {
  for (const repeat of ['0', '-1', '1.5', 'five', '', '1e2', '1001']) {
    assert.throws(() => parseArguments([`--repeat=${repeat}`]), usage, repeat);
  }
  assert.throws(() => parseArguments(['--cores', String(availableParallelism() + 1)]), usage);
  for (const price of ['-1', 'x', '', '1e3']) {
    assert.throws(() => parseArguments([`--machine-hour=${price}`]), usage, price);
  }
});

test('error: a program without name or path, or two of one name', () => {
  for (const option of ['rapidsnark', '=path', 'name=', 'a b=path']) {
    const args = ['--with', option];
    assert.throws(() => parseArguments(args), { code: 'BENCH_PROGRAM_OPTION' }, option);
  }
  const twice = ['--with', 'a=b', '--with', 'a=c'];
  assert.throws(() => parseArguments(twice), { code: 'BENCH_PROGRAM_OPTION' });
});
