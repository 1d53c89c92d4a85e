/** A piece of a chart drawn from its own upper left corner. */
export interface Block {
  readonly height: number;
  readonly svg: string;
}

type Attributes = Readonly<Record<string, string | number>>;

/** An SVG element; attribute values are escaped, content is taken as it is. */
export function element(name: string, attributes: Attributes, ...content: string[]): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(shortest(value))}"`)
    .join('');
  return content.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${content.join('')}</${name}>`;
}

/** A line of text at its baseline. */
export function textAt(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escaped(text));
}

/** Text as XML: control characters have no place there, not even escaped. */
export function escaped(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Blocks one below the other. */
export function stacked(blocks: readonly Block[]): Block {
  let height = 0;
  const placed = blocks.map((block) => {
    const svg = element('g', { transform: `translate(0 ${shortest(height)})` }, block.svg);
    height += block.height;
    return svg;
  });
  return { height, svg: placed.join('\n') };
}

/** A tenth of a pixel is as fine as anybody sees. */
function shortest(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
}
