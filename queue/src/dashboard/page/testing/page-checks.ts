/** What tests ask of the page from inside the browser. */

/** Of WCAG 2.2, success criterion 1.4.3; large text begins at 24 px, or 18.66 px when bold. */
const LEAST_CONTRAST = 4.5;
const LEAST_CONTRAST_OF_LARGE_TEXT = 3;

interface Color {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

/** Visible texts that are hard to read: `text: 3.1`. Controls that are disabled may be. */
export function faintTexts(): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint: string[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent?.trim() ?? '';
    const parent = walker.currentNode.parentElement;
    if (text === '' || parent === null || !isShown(parent)) continue;
    const ratio = contrast(colorOf(getComputedStyle(parent).color), backgroundOf(parent));
    if (ratio < leastContrast(parent)) faint.push(`${text.slice(0, 60)}: ${ratio.toFixed(2)}`);
  }
  return faint;
}

/** What sticks out of the window at the right, and the page if it can be scrolled sideways. */
export function tooWide(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = [...document.querySelectorAll('body *')].filter((one) => {
    return isShown(one) && one.getBoundingClientRect().right > clientWidth + 1;
  });
  const names = wide.map((one) => `${one.tagName} ${one.id} ${one.className}`);
  return scrollWidth > clientWidth ? [`the page: ${scrollWidth}`, ...names] : names;
}

/** How many pixels of a chart have exactly the colour of a custom property. */
export function pixelsOf(chartId: string, property: string): number {
  const canvas = document.querySelector<HTMLCanvasElement>(`#${chartId} canvas`);
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return 0;
  const wanted = colorOf(resolved(property));
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const isWanted =
      data[i] === wanted.red && data[i + 1] === wanted.green && data[i + 2] === wanted.blue;
    if (isWanted && data[i + 3] === 255) count += 1;
  }
  return count;
}

function isShown(one: Element): boolean {
  return (
    one.checkVisibility({ visibilityProperty: true }) && one.closest('.hidden, thead') === null
  );
}

function leastContrast(one: Element): number {
  const { fontSize, fontWeight } = getComputedStyle(one);
  const size = Number.parseFloat(fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
  if (one.closest(':disabled') !== null) return 0;
  return isLarge ? LEAST_CONTRAST_OF_LARGE_TEXT : LEAST_CONTRAST;
}

/** Of the nearest element around that has one. */
function backgroundOf(one: Element): Color {
  for (let around: Element | null = one; around !== null; around = around.parentElement) {
    const color = colorOf(getComputedStyle(around).backgroundColor);
    if (color.alpha === 1) return color;
  }
  return colorOf(getComputedStyle(document.body).backgroundColor);
}

function resolved(property: string): string {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(${property})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function colorOf(text: string): Color {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
  return { red, green, blue, alpha };
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: Color, other: Color): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance({ red, green, blue }: Color): number {
  const [r, g, b] = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
