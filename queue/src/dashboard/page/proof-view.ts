/** What a job gave: the readings of its outputs, its proof and how to take that along. */
import type { JobResult } from '@zkinfer/core/service';
import { formatDuration } from '../figures/format-duration.ts';
import { copyButton } from './copy-button.ts';
import { element } from './element.ts';
import { FactList } from './fact-list.ts';

/** More values than that are counted, not shown. */
const SHOWN_VALUES = 12;

/** A new element with the result. */
export function proofElement(result: JobResult): HTMLElement {
  const proof = JSON.stringify(result.proof, null, 2);
  const signals = JSON.stringify(result.publicSignals, null, 2);
  const facts = element('dl', { class: 'facts' });
  new FactList(facts).show(factsOf(result));
  const actions = element(
    'div',
    { class: 'actions' },
    copyButton('proof', () => proof),
    downloadButton('proof.json', proof),
    downloadButton('public.json', signals),
  );
  return element(
    'div',
    {},
    facts,
    actions,
    textDetails('proof.json', proof),
    textDetails('public.json', signals),
  );
}

function factsOf(result: JobResult): { name: string; value: string }[] {
  const { engine, backend, inferenceMs, witnessMs, proofMs } = result;
  const [inference, witness, proof] = [inferenceMs, witnessMs, proofMs].map(formatDuration);
  return [
    ...result.outputs.map((output) => ({
      name: `Output ${output.name}`,
      value: describeOutput(output),
    })),
    { name: 'Inferred by', value: `${backend} in ${inference}` },
    { name: 'Proved by', value: `${engine} in ${proof}, witness ${witness}` },
  ];
}

/** `virginica (2) of 3`, or the first reals. */
function describeOutput({ label, predicted, reals }: JobResult['outputs'][number]): string {
  if (predicted !== undefined)
    return label === undefined ? `${predicted}` : `${label} (${predicted})`;
  const shown = reals.slice(0, SHOWN_VALUES).map((value) => Number(value.toPrecision(5)));
  const more = reals.length > SHOWN_VALUES ? `, … ${reals.length} in all` : '';
  return shown.join(', ') + more;
}

function textDetails(name: string, text: string): HTMLElement {
  const summary = element('summary', { text: name });
  const attributes = { tabindex: '0', 'aria-label': name };
  return element('details', {}, summary, element('pre', { text, attributes }));
}

function downloadButton(name: string, text: string): HTMLButtonElement {
  const button = element('button', { text: `Download ${name}`, attributes: { type: 'button' } });
  button.addEventListener('click', () => {
    const href = URL.createObjectURL(new Blob([`${text}\n`], { type: 'application/json' }));
    element('a', { attributes: { href, download: name } }).click();
    setTimeout(() => URL.revokeObjectURL(href));
  });
  return button;
}
