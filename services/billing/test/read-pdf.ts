import { inflateSync } from 'node:zlib';

interface PdfObject {
  readonly dictionary: string;
  readonly stream: string;
}

/** The objects of a PDF that pdfkit wrote, by number; their streams inflated. */
function objectsOf(bytes: Buffer): Map<string, PdfObject> {
  const objects = new Map<string, PdfObject>();
  const text = bytes.toString('latin1');
  for (const match of text.matchAll(/(?<=\n)(\d+) 0 obj\n/g)) {
    const start = match.index + match[0].length;
    const end = text.indexOf('\nendobj', start);
    const body = text.slice(start, end);
    const at = body.indexOf('\nstream\n');
    const raw = at < 0 ? '' : body.slice(at + 8, body.lastIndexOf('\nendstream'));
    const dictionary = at < 0 ? body : body.slice(0, at);
    const packed = dictionary.includes('/FlateDecode') && raw !== '';
    const stream = packed ? inflateSync(Buffer.from(raw, 'latin1')).toString('latin1') : raw;
    objects.set(match[1] as string, { dictionary, stream });
  }
  return objects;
}

/** The characters of a font by glyph, as its ToUnicode map says. */
function charactersOf(map: string): string[] {
  const characters: string[] = [];
  for (const [, from = '', list = ''] of map.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
    for (const [index, [, hex = '']] of [...list.matchAll(/<([0-9a-f ]*)>/gi)].entries())
      characters[Number.parseInt(from, 16) + index] = Buffer.from(hex.replaceAll(' ', ''), 'hex')
        .swap16()
        .toString('utf16le');
  }
  return characters;
}

/** The text of each page in the order in which it was drawn, one piece a line. For PDFs of pdfkit with embedded fonts alone. */
export function readPdf(bytes: Buffer): string[] {
  const objects = objectsOf(bytes);
  const reference = ({ dictionary }: PdfObject, name: string) =>
    objects.get(new RegExp(`/${name} (\\d+) 0 R`).exec(dictionary)?.[1] ?? '');
  const pages = [...objects.values()].filter(({ dictionary }) => /\/Type \/Page\b(?!s)/.test(dictionary));
  return pages.map((page) => {
    const resources = reference(page, 'Resources') ?? page;
    const fonts = new Map<string, string[]>();
    for (const [, name = '', number = ''] of resources.dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const font = objects.get(number);
      const map = font && reference(font, 'ToUnicode');
      if (!map) throw new Error(`font ${name} is not embedded`);
      fonts.set(name, charactersOf(map.stream));
    }
    let font: string[] = [];
    const pieces: string[] = [];
    const stream = reference(page, 'Contents')?.stream ?? '';
    for (const [, name, text] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (name) font = fonts.get(name) ?? [];
      else pieces.push(decode(text ?? '', font));
    }
    return pieces.join('\n');
  });
}

function decode(text: string, font: readonly string[]): string {
  const glyphs = [...text.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
  return glyphs.map((glyph) => font[Number.parseInt(glyph, 16)] ?? '\ufffd').join('');
}
