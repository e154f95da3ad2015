import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_RUNS, parseArguments } from './parse-arguments.ts';

test('a case alone runs with the defaults', () => {
  assert.deepEqual(parseArguments(['ntt']), {
    help: false,
    cases: ['ntt'],
    runs: DEFAULT_RUNS,
    rows: [],
    programs: [],
  });
});

test('several cases, runs, rows and programs', () => {
  const args = ['ntt', 'g1-msm', '--runs', '7', '--rows', '2^12,2^14', '--rows=2^16'];
  const programs = ['--with', 'rapidsnark=/opt/bin/prover', '--with', 'b-2=./a=b'];
  assert.deepEqual(parseArguments([...args, ...programs]), {
    help: false,
    cases: ['ntt', 'g1-msm'],
    runs: 7,
    rows: ['2^12', '2^14', '2^16'],
    programs: [
      { name: 'rapidsnark', path: '/opt/bin/prover' },
      { name: 'b-2', path: './a=b' },
    ],
  });
});

test('help needs no case', () => {
  assert.equal(parseArguments(['--help']).help, true);
});

test('error: no case, an unknown option, a value that is missing', () => {
  for (const args of [[], ['ntt', '--quick'], ['ntt', '--runs'], ['ntt', '--help=1']]) {
    assert.throws(() => parseArguments(args), { code: 'BENCH_USAGE' }, args.join(' '));
  }
});

test('error: a number of runs that is none', () => {
  for (const runs of ['0', '-1', '1.5', 'five', '', '1e2', '1001']) {
    assert.throws(() => parseArguments(['ntt', `--runs=${runs}`]), { code: 'BENCH_USAGE' }, runs);
  }
});

test('error: a program without name or path, or two of one name', () => {
  for (const option of ['rapidsnark', '=path', 'name=', 'a b=path']) {
    const args = ['prove-lenet5', '--with', option];
    assert.throws(() => parseArguments(args), { code: 'BENCH_PROGRAM_OPTION' }, option);
  }
  const twice = ['prove-lenet5', '--with', 'a=b', '--with', 'a=c'];
  assert.throws(() => parseArguments(twice), { code: 'BENCH_PROGRAM_OPTION' });
});
