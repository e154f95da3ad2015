/** The chains: how far they are followed, what is open, what there is to spend. */
import type { ChainStatus, Overview } from '@zkinfer/core/service';
import { formatAmount } from '../figures/format-quantity.ts';
import { shorten } from '../figures/shorten.ts';
import { byId, setAttribute, setText } from './element.ts';
import { type Column, TableView } from './table-view.ts';

/** The table of chains. */
export class ChainsView {
  readonly #empty = byId('chains-empty', HTMLElement);
  readonly #element = byId('chains-table', HTMLTableElement);
  readonly #table = new TableView<ChainStatus>({
    table: this.#element,
    columns: COLUMNS,
    keyOf: ({ chainId, coprocessor }) => `${chainId} ${coprocessor}`,
    classOf: ({ problem }) => (problem === null ? '' : 'trouble'),
  });

  show({ chains }: Overview): void {
    this.#table.show(chains);
    this.#element.hidden = chains.length === 0;
    this.#empty.hidden = chains.length > 0;
  }
}

const COLUMNS: readonly Column<ChainStatus>[] = [
  { title: 'Chain', width: 6, fill: (cell, { chainId }) => setText(cell, chainId) },
  addressColumn('Coprocessor', ({ coprocessor }) => coprocessor),
  addressColumn('Signer', ({ signer }) => signer),
  countColumn('Head', ({ head }) => head),
  // Before the first block there is nothing to confirm.
  countColumn('Confirmed', ({ confirmedTo }) => Math.max(0, confirmedTo)),
  countColumn('Open requests', ({ openRequests }) => openRequests),
  countColumn('Pending transactions', ({ pendingTransactions }) => pendingTransactions),
  amountColumn('Balance', ({ balance }) => balance),
  amountColumn('Withdrawable', ({ withdrawable }) => withdrawable),
  { title: 'Problem', wide: true, fill: (cell, { problem }) => setText(cell, problem ?? 'none') },
];

function addressColumn(
  title: string,
  address: (chain: ChainStatus) => string | null,
): Column<ChainStatus> {
  return {
    title,
    width: 8,
    fill: (cell, chain) => {
      const text = address(chain);
      setAttribute(cell, 'title', text ?? undefined);
      setText(cell, text === null ? 'none' : shorten(text, 6, 4));
    },
  };
}

/** Block numbers and counts in full: an operator compares them with those of others. */
function countColumn(title: string, count: (chain: ChainStatus) => number): Column<ChainStatus> {
  return {
    title,
    width: 7,
    numeric: true,
    fill: (cell, chain) => setText(cell, count(chain).toLocaleString('en')),
  };
}

function amountColumn(title: string, wei: (chain: ChainStatus) => string): Column<ChainStatus> {
  return {
    title,
    width: 7.5,
    numeric: true,
    fill: (cell, chain) => setText(cell, formatAmount(wei(chain))),
  };
}
