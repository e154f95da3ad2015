/** Buttons that copy a text, and say on themselves whether that went well. */
import { element, setText } from './element.ts';

const SAID_FOR_MS = 2_000;

/** @param what names the text for those who cannot see where the button stands */
export function copyButton(what: string, text: () => string): HTMLButtonElement {
  const attributes = { type: 'button', 'aria-label': `Copy: ${what}` };
  const label = element('span', { text: 'Copy', attributes: { 'aria-live': 'polite' } });
  const button = element('button', { class: 'copy', attributes }, label);
  button.addEventListener('click', async () => {
    setText(label, (await copied(text())) ? 'Copied' : 'Refused');
    setTimeout(() => setText(label, 'Copy'), SAID_FOR_MS);
  });
  return button;
}

/** Browsers lend the clipboard to pages over https and of the same machine alone. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
