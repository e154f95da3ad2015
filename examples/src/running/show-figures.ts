/** What a run took: time by stage, gas, money. */
import type { Overview } from '@zkinfer/core/service';
import { inEther } from '../on-chain/local-market.ts';
import { print, printFacts } from '../zkinfer-step.ts';

/** Gas of what was done once. */
export interface SingleGas {
  readonly register: bigint;
  /** Of all requests, which the vault made in one transaction. */
  readonly request: bigint;
  /** Of the proof's check alone. */
  readonly verify: bigint;
}

/** Medians and slow ends of the stages. */
export function showLatencies({ latencies }: Overview): void {
  print('\n  stage             jobs     median   slowest 5 %   waiting for a worker included');
  printFacts(
    latencies
      .filter(({ count }) => count > 0)
      .map(({ stage, count, p50Ms, p95Ms }): readonly [string, string] => [
        stage,
        `${String(count).padStart(4)}  ${seconds(p50Ms)}  ${seconds(p95Ms)}`,
      ]),
  );
}

/** Gas, and what it costs at one gwei; then what the worker paid and earned. */
export function showMoney({ minutes, latencies }: Overview, gas: SingleGas, asked: number): void {
  const fulfilments = BigInt(latencies.find(({ stage }) => stage === 'confirm')?.count ?? 0);
  const sum = (key: 'gasUsed' | 'spent' | 'earned') =>
    minutes.reduce((total, minute) => total + BigInt(minute[key]), 0n);
  const each = (total: bigint, count: bigint) => (count === 0n ? 0n : total / count);
  const row = (name: string, used: bigint, note: string): readonly [string, string] => [
    name,
    `${used.toLocaleString('en').padStart(9)}  ${(Number(used) / 1e9).toFixed(6)} ETH  ${note}`,
  ];
  print('\n  on chain                gas  at 1 gwei');
  printFacts([
    row('register', gas.register, 'once a model'),
    row('request', each(gas.request, BigInt(asked)), 'each, by the vault'),
    row('fulfill', each(sum('gasUsed'), fulfilments), 'each: proof, payment, callback'),
    row('the proof alone', gas.verify, '256 bytes; included in fulfill'),
  ]);
  print('');
  printFacts([
    ['the worker paid', `${inEther(sum('spent'))} for gas`],
    ['and earned', `${inEther(sum('earned'))}, fees and repaid callback gas`],
  ]);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2).padStart(8)} s`;
}
